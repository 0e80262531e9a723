"""What is typed to put a draft in force."""

from __future__ import annotations

from django import forms

from toankhoa.core.basics import Refused
from toankhoa.plan.models import PlanVersion
from toankhoa.web.shell.forms import DayField, TextField, add_refusal
from toankhoa.web.templatetags.vietnamese import ngay_thang

NO_DAY = "Ngày chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 29/9/2017."


class PublishingForm(forms.Form):
    """Number and days of a plan that is published."""

    number = TextField(missing="Hãy ghi số, ký hiệu của văn bản, ví dụ 70/KH-BCH.")
    signed_on = DayField(wrong=NO_DAY)
    effective_on = DayField(wrong=NO_DAY)

    REFUSALS = {"plan-number": "number", "plan-dates": "effective_on"}

    def refuse(self, refused: Refused) -> None:
        """Why it was not published, beside the field it is about."""
        add_refusal(self, refused, self.REFUSALS)


def publishing(version: PlanVersion) -> PublishingForm:
    """The form with what the document says; an amendment's first day in force is left open."""
    signed_on = ngay_thang(version.signed_on)
    effective_on = "" if version.based_on else signed_on
    usual = {"number": version.number, "signed_on": signed_on, "effective_on": effective_on}
    return PublishingForm(initial=usual)
