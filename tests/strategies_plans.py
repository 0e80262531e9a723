"""Made-up plans as subjects for the laws: the generator of the bench, its shape and seed drawn by Hypothesis."""

import sys
from pathlib import Path
from random import Random

from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from organisations import ORGANISATIONS
from plans import Shape, made

from toankhoa.core.plan import Headers

TERMS = st.builds(lambda first, length: tuple(range(first, first + length)), st.integers(2015, 2035), st.integers(1, 6))
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


@st.composite
def shaped_plans(draw):
    """A plan in the product's own form, and the shape it was made in."""
    shape = draw(OWN_SHAPES)
    return shape, made(Random(draw(st.integers(0, 2**32))), shape)
