"""What is typed about people: somebody new, and one's own password."""

from __future__ import annotations

from typing import Any

from django import forms

from toankhoa.core.basics import Refused
from toankhoa.core.organisation import Finder, Tree
from toankhoa.org.accounts import LONGEST_NAME
from toankhoa.web.shell.forms import TextField, add_refusal

UNIT_MISSING = "Hãy chọn một đơn vị đang hoạt động trong danh sách, hoặc ghi đúng mã."


class PersonForm(forms.Form):
    """Somebody new at a unit, named by its name or code."""

    full_name = TextField(missing=f"Hãy ghi họ tên, không quá {LONGEST_NAME} chữ.")
    username = TextField(missing="Hãy ghi tên đăng nhập.")
    unit = TextField(missing=UNIT_MISSING)
    role = TextField(missing="Hãy chọn vai trò trong danh sách.")
    board = TextField()

    REFUSALS = {
        "user-full-name": "full_name",
        "user-name": "username",
        "user-taken": "username",
        "user-unit": "unit",
        "user-role": "role",
        "user-board": "board",
    }

    def __init__(self, *args: Any, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tree = tree

    def clean_unit(self) -> str:
        """The code of the unit that was named."""
        try:
            return Finder(self._tree, {}).unit(self.cleaned_data["unit"])
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def refuse(self, refused: Refused) -> None:
        """Why she was not entered, beside the field it is about."""
        add_refusal(self, refused, self.REFUSALS)


class PasswordForm(forms.Form):
    """One's own password, in the place of the one that was used so far."""

    old = TextField(missing="Hãy gõ mật khẩu đang dùng.", strip=False)
    new = TextField(missing="Hãy gõ mật khẩu mới.", strip=False)

    REFUSALS = {"password-old": "old", "password-short": "new"}

    def refuse(self, refused: Refused) -> None:
        """Why it stays as it was, beside the field it is about."""
        add_refusal(self, refused, self.REFUSALS)
