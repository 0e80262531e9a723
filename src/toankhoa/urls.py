"""Addresses: everything a person sees is `web`'s."""

from django.urls import include, path

urlpatterns = [path("", include("toankhoa.web.urls"))]
handler403 = "toankhoa.web.errors.forbidden"
handler404 = "toankhoa.web.errors.not_found"
handler500 = "toankhoa.web.errors.failed"
