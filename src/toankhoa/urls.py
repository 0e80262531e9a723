"""Addresses: everything a person sees is `web`'s."""

from django.urls import include, path

urlpatterns = [path("", include("toankhoa.web.urls"))]
handler403 = "toankhoa.web.shell.errors.forbidden"
handler404 = "toankhoa.web.shell.errors.not_found"
handler500 = "toankhoa.web.shell.errors.failed"
