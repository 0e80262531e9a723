"""The law of editing: the same words again are the same plan, whatever document it was compiled
from.

A few layouts and each different text once on every run; every field of every layout and document in
`make soak`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from toankhoa import documents
from toankhoa.core.compiling import Document, compile_document
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Plan
from toankhoa.core.review import Place, edit, language_of, words
from toankhoa.library import load_library

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from layouts import COUNT, drawn

SHARED = Path(__file__).parents[2] / "shared" / "plans"
SOME = (3, 11, 23)  # a unit and a baseline apart; deadlines; deadlines and products
IN_WORDS = """KẾ HOẠCH NHIỆM KỲ 2025 - 2030
I. MỤC TIÊU
Chỉ tiêu 1: Tỷ lệ hộ nghèo giảm còn 3% vào năm 2027 và 1% vào năm 2030;
Chỉ tiêu 2: Phấn đấu 80% chi hội đạt khá trở lên; mỗi năm mở ít nhất 2 lớp nghề;
"""
SEVERAL_YEARS = """| TT | Nội dung | Đơn vị tính | 2021 | 2022 | Giai đoạn 2021-2022 | Chủ trì |
|---|---|---|---|---|---|---|
| I | Kinh tế | | | | | |
| 1 | Mở lớp nghề cho 30% hội viên | lớp | 5 | 6 | 11 | Văn phòng |
| 2 | Giữ số tổ tiết kiệm | tổ | x | x | 40 | Văn phòng |
"""


def fields(plan: Plan) -> Iterator[tuple[Place, str]]:
    for code, of in (("", plan), *((row.code, row) for row in plan.rows())):
        yield from ((Place(code, field), said) for field, said in words(of).items())


def changed(
    document: Document, vocabulary: Vocabulary, *, every: bool = False
) -> list[tuple[Place, str]]:
    """Fields that are not what they were once their own words are typed again; of like words only
    the first.
    """
    plan, _ = compile_document(document, vocabulary)
    language = language_of(plan, vocabulary)
    tried: set[object] = set()
    found = []
    for place, said in fields(plan):
        kind = "year" if place.field.isdigit() else place.field
        if (every or (kind, said) not in tried) and edit(
            plan, place, said, vocabulary, language
        ).plan != plan:
            found.append((place, said))
        tried.add((kind, said))
    return found


@pytest.mark.parametrize("number", SOME)
def test_the_same_words_again_are_the_same_plan(number):
    chosen, _, document = drawn(number)
    assert changed(document, chosen.shape.about.vocabulary) == []


@pytest.mark.parametrize(("name", "text"), [("loi.txt", IN_WORDS), ("bang.md", SEVERAL_YEARS)])
def test_so_they_are_where_there_is_no_table_or_a_column_of_several_years(name, text):
    assert changed(documents.read(name, text.encode()), load_library().vocabulary) == []


@pytest.mark.soak
def test_so_they_are_in_every_field_of_every_layout():
    for number in range(COUNT):
        chosen, _, document = drawn(number)
        assert changed(document, chosen.shape.about.vocabulary, every=True) == [], number


@pytest.mark.soak
@pytest.mark.parametrize(
    "path", sorted(path for path in SHARED.rglob("*") if path.is_file()) or [None], ids=str
)
def test_so_they_are_in_documents_of_others(path):
    if path is None:
        pytest.skip("no documents beside this folder")
    document = documents.read(path.name, path.read_bytes())
    assert changed(document, load_library().vocabulary, every=True) == []
