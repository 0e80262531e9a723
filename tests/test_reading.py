"""Files to documents: spans, dumps without spans, and what cannot be read."""

import zipfile
from io import BytesIO

import pytest
from docx import Document as Word
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Source
from toankhoa.core.compiling import Document, Paragraph, Table
from toankhoa.documents import UnreadableDocument, read
from toankhoa.documents.reading import packages


def saved(word) -> bytes:
    data = BytesIO()
    word.save(data)
    return data.getvalue()


def word_of(body: str) -> bytes:
    """A Word file with that body, which python-docx would not write."""
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr(
            "word/document.xml", f"<w:document {names}><w:body>{body}</w:body></w:document>"
        )
    return data.getvalue()


def shape(table: Table) -> list[list[tuple[str, int, int, int]]]:
    return [
        [(cell.text, cell.column, cell.columns, cell.rows) for cell in row.cells]
        for row in table.rows
    ]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def test_word_tables_keep_their_spans():
    word = Word()
    word.add_paragraph("Trước")
    table = word.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "cao"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "rộng"
    table.cell(1, 1).text, table.cell(1, 2).text, table.cell(2, 1).text = "a", "b", "c"
    word.add_paragraph("Sau")
    document = read("a.docx", saved(word))
    assert texts(document) == ["Trước", "Sau"]
    assert shape(document.tables[0]) == [
        [("cao", 0, 1, 2), ("rộng", 1, 2, 1)],
        [("a", 1, 1, 1), ("b", 2, 1, 1)],
        [("", 0, 1, 1), ("c", 1, 1, 1), ("", 2, 1, 1)],
    ]
    places = [cell.source for row in document.tables[0].rows for cell in row.cells]
    assert places[2] == Source("a.docx", 0, 1, 1)
    assert [
        block.source.paragraph for block in document.blocks if isinstance(block, Paragraph)
    ] == [0, 2]


def test_lines_and_tabs_in_a_word_paragraph():
    body = "<w:p><w:r><w:t>một</w:t><w:br/><w:t>hai</w:t><w:tab/><w:t>ba</w:t><w:noBreakHyphen/></w:r></w:p>"
    assert texts(read("a.docx", word_of(body))) == ["một\nhai ba-"]


def test_what_was_deleted_is_not_read_and_what_was_inserted_is():
    body = (
        "<w:p><w:del><w:r><w:t>cũ</w:t></w:r></w:del><w:ins><w:r><w:t>mới</w:t></w:r></w:ins></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>ô nhập</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert texts(read("a.docx", word_of(body))) == ["mới", "ô nhập"]


DUMP = (
    "\tA\n\nB\n\tC\n\n\nTên\n"
    "\tTT\n\tMột tiêu đề dài\n\tCuối\n\n"
    "\t1\n\ta\n\tb\n\tc\n\td\n\n"
    "\t2\n\t\n\t\n\t\n\t\n\nHết./.\n"
)


def test_a_dump_says_rows_by_blank_lines_and_cells_by_tabs():
    document = read("a.txt", DUMP.encode())
    assert texts(document) == ["Tên", "Hết./."]
    letterhead, plan = document.tables
    assert shape(letterhead) == [[("A\nB", 0, 1, 1), ("C", 1, 1, 1)]]
    assert [row.source.row for row in plan.rows] == [0, 1, 2]


def test_in_a_dump_the_longest_text_of_a_short_row_was_merged():
    plan = read("a.txt", DUMP.encode()).tables[1]
    assert shape(plan)[0] == [("TT", 0, 1, 1), ("Một tiêu đề dài", 1, 3, 1), ("Cuối", 4, 1, 1)]


def test_a_dashed_list_stays_in_its_cell_over_blank_lines():
    (table,) = read("a.txt", "\tNơi nhận:\n- A;\n\n\n- B.\n\tKý tên\n".encode()).tables
    assert shape(table) == [[("Nơi nhận:\n- A;\n- B.", 0, 1, 1), ("Ký tên", 1, 1, 1)]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_in_any_unicode(encoding):
    assert texts(read("a.txt", "Đồng Nai\n".encode(encoding))) == ["Đồng Nai"]


def truncated() -> bytes:
    data = saved(Word())
    return data[: len(data) // 2]


UNREADABLE = {
    "document-empty": b" \n",
    "document-protected": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + bytes(600)
    + "EncryptedPackage".encode("utf-16-le"),
    "document-broken": truncated(),
    "document-encoding": "Đồng Nai".encode("cp1258", errors="replace") + b"\xff\xfe\x80",
    "document-kind": b"ab\0cd",
}


@pytest.mark.parametrize(("code", "data"), UNREADABLE.items(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_says_what_it_is_and_what_to_do(code, data):
    with pytest.raises(UnreadableDocument) as raised:
        read("kế hoạch.docx", data)
    problem = raised.value.problem
    assert problem.code == code
    assert "“kế hoạch.docx”" in problem.message
    assert "Hãy" in problem.message


def test_a_package_that_is_no_word_file():
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("ppt/presentation.xml", "<presentation/>")
    with pytest.raises(UnreadableDocument, match="không phải tệp Word"):
        read("a.pptx", data.getvalue())


def test_broken_xml_and_a_package_too_large(monkeypatch):
    with pytest.raises(UnreadableDocument, match="bị hỏng"):
        read("a.docx", word_of("<w:p>"))
    monkeypatch.setattr(packages, "MAX_UNZIPPED", 10)
    with pytest.raises(UnreadableDocument, match="quá lớn"):
        read("a.docx", word_of("<w:p/>"))


@pytest.mark.law
@given(st.text(st.sampled_from("\t\n -aĐ+"), max_size=60))
def test_nothing_of_a_dump_is_lost(text):
    if text.strip():
        document = read("a.txt", text.encode())
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        kept = "".join(texts(document) + cells)
        assert sorted("".join(kept.split())) == sorted("".join(text.split()))
