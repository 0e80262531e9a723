"""What is typed to put a sheet of targets in force."""

from __future__ import annotations

from datetime import date

from django import forms

from toankhoa.core.basics import Refused, format_date
from toankhoa.web.shell.forms import DayField, TextField, add_refusal

NO_DAY = "Ngày chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 15/01/2021."


class DecisionForm(forms.Form):
    """Number and days of a decision that hands targets down."""

    number = TextField(missing="Hãy ghi số, ký hiệu của quyết định giao, ví dụ 15/QĐ-BTV.")
    issued_on = DayField(wrong=NO_DAY)
    effective_on = DayField(wrong=NO_DAY)

    REFUSALS = {
        "allocation-number": "number",
        "allocation-day": "issued_on",
        "allocation-dates": "effective_on",
    }

    def refuse(self, refused: Refused) -> None:
        """Why it was not put in force, beside the field it is about."""
        add_refusal(self, refused, self.REFUSALS)


def usual_decision(today: date) -> DecisionForm:
    """The form as it is shown first: both days are today."""
    day = format_date(today)
    return DecisionForm(initial={"issued_on": day, "effective_on": day})
