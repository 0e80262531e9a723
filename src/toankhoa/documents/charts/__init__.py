"""Charts: a record of what is drawn, and the drawing as SVG, for screens and paper. No Django.

years_chart   the record: an indicator's years, and the same in words
of_readings   records of the plan's readings: years side by side, a year or the term
layout        where everything stands: scale, bars, labels clear of the lines
svg           the drawing; its colours are the page's own (CSS custom properties)
"""

from toankhoa.documents.charts.of_readings import reported_chart, term_chart, year_chart
from toankhoa.documents.charts.svg import chart_svg
from toankhoa.documents.charts.years_chart import (
    MISSING_WORDS,
    ChartForecast,
    ChartReform,
    ChartYear,
    YearsChart,
)

__all__ = [
    "MISSING_WORDS",
    "ChartForecast",
    "ChartReform",
    "ChartYear",
    "YearsChart",
    "chart_svg",
    "reported_chart",
    "term_chart",
    "year_chart",
]
