"""Signing in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm

from toankhoa.audit.clock import today
from toankhoa.demo.cast import PASSWORD
from toankhoa.demo.logins import logins


class SignInForm(AuthenticationForm):
    """User name and password, with errors that say what to do."""

    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu chưa đúng. Chữ hoa và chữ thường khác nhau.",
        "inactive": "Tài khoản này đã ngừng dùng. Hãy hỏi người quản trị hệ thống.",
    }


class SignIn(views.LoginView):
    """The demo lists one login per role, to sign in with one click."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the demo's people where this is the demo."""
        offered = logins(today()) if settings.DEMO else []
        return super().get_context_data(**kwargs, logins=offered, password=PASSWORD)


class SignOut(views.LogoutView):
    """By POST only, as Django asks."""
