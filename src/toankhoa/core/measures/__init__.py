"""What is measured: the terms mean what they mean in DHIS2 and results-framework practice.

elements      data elements: one figure a unit reports, and its time rule
indicators    how an activity or objective is measured
forms         what a level owes at one frequency
vocabulary    an organisation's words for its boards and levels
library       all of it, checked
"""

from toankhoa.core.measures.elements import Condition, DataElement, TimeRule
from toankhoa.core.measures.forms import Form, Section
from toankhoa.core.measures.indicators import (
    UNITS,
    Indicator,
    IndicatorKind,
    Interpretation,
    Path,
    TermRule,
)
from toankhoa.core.measures.library import Library
from toankhoa.core.measures.vocabulary import Vocabulary

__all__ = [
    "UNITS",
    "Condition",
    "DataElement",
    "Form",
    "Indicator",
    "IndicatorKind",
    "Interpretation",
    "Library",
    "Path",
    "Section",
    "TermRule",
    "TimeRule",
    "Vocabulary",
]
