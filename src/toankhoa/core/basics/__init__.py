"""The ground that the other packages stand on; it knows nothing of plans or units.

problems       an error as a value: code, severity, message, source; `Refused`
text           Vietnamese text: one normal form, folding for search, places of tones
numbers        Vietnamese numbers and dates, in and out
rounding       half up; cumulative, where parts must add up to their whole
periods        months, quarters, halves, years
patches        the reverse patch: what turns a record into what it was before a change
figure_code    the short code of a figure on paper
"""

from toankhoa.core.basics.figure_code import (
    ALPHABET,
    EXACT,
    TO_THE_MINUTE,
    FigureCode,
    fits,
    read_code,
)
from toankhoa.core.basics.numbers import (
    NUMBER,
    NumberReading,
    ambiguity,
    decimal_mark,
    format_date,
    format_number,
    format_percent,
    long_date,
    read_date,
    read_number,
)
from toankhoa.core.basics.patches import Patch, patched, reverse_patch
from toankhoa.core.basics.periods import Frequency, Period, periods_of, year_key
from toankhoa.core.basics.problems import Problem, Refused, Severity, Source, refuse
from toankhoa.core.basics.rounding import half_up, part_of_whole
from toankhoa.core.basics.text import fold, modern_tone, tidy, tidy_lines, words_of

__all__ = [
    "ALPHABET",
    "EXACT",
    "NUMBER",
    "TO_THE_MINUTE",
    "FigureCode",
    "Frequency",
    "NumberReading",
    "Patch",
    "Period",
    "Problem",
    "Refused",
    "Severity",
    "Source",
    "ambiguity",
    "decimal_mark",
    "fits",
    "fold",
    "format_date",
    "format_number",
    "format_percent",
    "half_up",
    "long_date",
    "modern_tone",
    "part_of_whole",
    "patched",
    "periods_of",
    "read_code",
    "read_date",
    "read_number",
    "refuse",
    "reverse_patch",
    "tidy",
    "tidy_lines",
    "words_of",
    "year_key",
]
