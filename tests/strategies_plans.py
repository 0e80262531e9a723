"""Made-up plans as subjects for the laws: the generator of the bench, its shape and seed drawn by
Hypothesis.
"""

import sys
from dataclasses import replace
from pathlib import Path
from random import Random

from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from layouts import DATED, ORDERS, WORDS
from organisations import ORGANISATIONS
from plans import Shape, made

from toankhoa.core.plan import Headers

TERMS = st.builds(
    lambda first, length: tuple(range(first, first + length)),
    st.integers(2015, 2035),
    st.integers(1, 6),
)
HEADERS = st.builds(
    Headers,
    number=st.sampled_from(["STT", "TT", "Số TT"]),
    title=st.sampled_from(["Nội dung", "Hoạt động chính", "Nhiệm vụ", "Chỉ tiêu, nhiệm vụ"]),
    years=st.sampled_from(["Mức phấn đấu từng năm", "Kế hoạch các năm", "Năm"]),
    levels=st.sampled_from(["Cấp thực hiện", "Cấp triển khai"]),
    boards=st.sampled_from(["Ban phụ trách", "Chủ trì", "Cơ quan chủ trì"]),
)
OWN_SHAPES = st.builds(
    Shape,
    about=st.sampled_from(ORGANISATIONS),
    years=TERMS,
    rows=st.integers(1, 3),
    numbering=st.sampled_from(["1", "a", "-", ""]),
    headers=HEADERS,
)


FORMS = {  # how levels are timed → columns of tables that have other ones than the product's own
    "years": (
        *ORDERS[1:-1],
        ("number", "title", "years", "target", "levels", "boards"),
        (
            "number",
            "title",
            "unit",
            "target",
            "years",
            "product",
            "deadline",
            "boards",
            "support",
            "budget",
        ),
    ),
    "deadline": DATED,
    "term": (
        ("number", "title", "target", "levels", "boards"),
        ("number", "title", "target", "boards", "support", "remark"),
    ),
}


@st.composite
def headers_of(draw, columns, years) -> Headers:
    """Words over columns of that order, years in one or two rows."""
    said = {
        name: draw(st.sampled_from(WORDS[name])).format(before=years[0] - 1) for name in columns
    }
    words = {name: text.replace("\n", " ") for name, text in said.items()}
    over = words.pop("years", "") if draw(st.booleans()) else ""
    each = {
        name: {str(year): str(year) for year in years} if name == "years" else {name: words[name]}
        for name in columns
    }
    roles = {name: words[name] for name in ("number", "title", "levels", "boards") if name in words}
    return Headers(
        **roles,
        years=over,
        columns=tuple(pair for pairs in each.values() for pair in pairs.items()),
    )


@st.composite
def other_shapes(draw) -> Shape:
    """A shape with columns of its own."""
    timed = draw(st.sampled_from(sorted(FORMS)))
    columns, years = draw(st.sampled_from(FORMS[timed])), draw(TERMS)
    shape = draw(OWN_SHAPES)
    numbering = shape.numbering if "number" in columns else ""
    headers = draw(headers_of(columns, years))
    return replace(
        shape, columns=columns, timed=timed, years=years, numbering=numbering, headers=headers
    )


@st.composite
def shaped_plans(draw):
    """A plan in the product's own form or in one of its own, and the shape it was made in."""
    shape = draw(st.one_of(OWN_SHAPES, other_shapes()))
    return shape, made(Random(draw(st.integers(0, 2**32))), shape)
