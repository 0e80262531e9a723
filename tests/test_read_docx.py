"""Word files: what an office does to a document before it is read."""

import zipfile
from io import BytesIO

import pytest
from test_reading import shape, texts

from toankhoa.documents import read

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(body: str, **parts: str) -> bytes:
    """A Word file with that body; `styles` and `numbering` are the inner XML of those parts."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr(
            "word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
        )
        listed = "".join(
            f'<Relationship Id="r{place}" Type="{RELATIONS}/{kind}" Target="{kind}.xml"/>'
            for place, kind in enumerate(parts)
        )
        package.writestr("word/_rels/document.xml.rels", f"<Relationships>{listed}</Relationships>")
        for kind, inner in parts.items():
            package.writestr(f"word/{kind}.xml", f"<w:{kind} {NAMES}>{inner}</w:{kind}>")
    return data.getvalue()


def p(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def tc(*inside: str) -> str:
    return f"<w:tc>{''.join(inside)}</w:tc>"


def tbl(*rows: list[str]) -> str:
    return (
        "<w:tbl>"
        + "".join(f"<w:tr>{''.join(tc(p(text)) for text in row)}</w:tr>" for row in rows)
        + "</w:tbl>"
    )


def codes(document) -> list[str]:
    return [problem.code for problem in document.problems]


HEADER = ["STT", "Nội dung", "2017", "2018"]


def test_a_table_in_pieces_is_one_and_its_repeated_header_stands_once():
    body = (
        tbl(HEADER, ["1", "a", "x", ""])
        + p("")
        + tbl(HEADER, ["2", "b", "", "x"])
        + tbl(["3", "c", "x", "x"])
    )
    document = read("a.docx", word(body))
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        HEADER,
        ["1", "a", "x", ""],
        ["2", "b", "", "x"],
        ["3", "c", "x", "x"],
    ]
    assert [(row.source.table, row.source.row) for row in table.rows] == [
        (0, 0),
        (0, 1),
        (1, 1),
        (2, 0),
    ]


@pytest.mark.parametrize(
    "second",
    [
        tbl(["STT", "Việc khác", "2019", "2020"], ["1", "d", "", ""]),
        p("Phần hai") + tbl(HEADER),
        tbl(["a", "b"]),
    ],
    ids=["own header", "words between", "other width"],
)
def test_tables_that_are_no_pieces_stay_apart(second):
    assert len(read("a.docx", word(tbl(HEADER, ["1", "a", "x", ""]) + second)).tables) == 2


CUT = ["1", "Tổ chức tập huấn cho", "x", ""]
WHOLE = ["1", "Tổ chức tập huấn.", "x", ""]
PAGES = {
    "the end of a sentence": (CUT, ["", "cán bộ cơ sở.", "", ""], "rows-joined"),
    "a name": (CUT, ["", "Hội đồng nhân dân", "", ""], "rows-joined"),
    "a level, too": (
        ["1", "Tổ chức cho", "x", "Tỉnh và"],
        ["", "Hội viên", "", "các huyện"],
        "rows-joined",
    ),
    "only a level": (["1", "Tổ chức", "x", "Tỉnh và"], ["", "", "", "các huyện"], "rows-joined"),
    "a sentence of its own": (WHOLE, ["", "Mỗi xã một lớp.", "", ""], "row-joined"),
    "a row of its own": (WHOLE, ["", "Hội thi tay nghề", "x", "x"], None),
    "a numbered row": (CUT, ["2", "cán bộ cơ sở.", "", ""], None),
    "a heading": (WHOLE, ["", "NHIỆM VỤ", "", ""], None),
    "a numbered heading": (WHOLE, ["", "Chỉ tiêu 2: Có quỹ", "", ""], None),
    "an item": (CUT, ["", "- cán bộ cơ sở", "x", ""], None),
}


@pytest.mark.parametrize(("above", "below", "said"), PAGES.values(), ids=PAGES)
def test_what_stands_first_on_a_page(above, below, said):
    document = read(
        "a.docx", word(tbl(HEADER, above) + tbl(HEADER, below, ["9", "Kiểm tra", "x", "x"]))
    )
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    one = [" ".join(filter(None, pair)) for pair in zip(above, below, strict=True)]
    assert rows == [HEADER, *([one] if said else [above, below]), ["9", "Kiểm tra", "x", "x"]]
    assert codes(document) == [said] * bool(said)


def test_a_frame_is_read_in_place_and_a_large_table_in_a_cell_stands_for_itself():
    inner = tbl(*[["a", "b", "c"]] * 3)
    framed = f"<w:tbl><w:tr>{tc(p('Trên'), inner, p('Dưới'))}</w:tr></w:tbl>"
    document = read("a.docx", word(framed))
    assert texts(document) == ["Trên", "Dưới"]
    assert [len(table.rows) for table in document.tables] == [3]
    beside = f"<w:tbl><w:tr>{tc(p('Trái'))}{tc(p('Phải'), inner)}</w:tr></w:tbl>"
    outer, own = read("a.docx", word(beside)).tables
    assert shape(outer) == [[("Trái", 0, 1, 1), ("Phải", 1, 1, 1)]]
    assert len(own.rows) == 3


def test_a_small_table_in_a_cell_is_lines_of_the_cell():
    nested = f"<w:tbl><w:tr>{tc(p('Số liệu'), tbl(['a', 'b'], ['c', 'd']), p(''))}{tc(p('x'))}</w:tr></w:tbl>"
    (table,) = read("a.docx", word(nested)).tables
    assert table.rows[0].cells[0].text == "Số liệu\na b\nc d\n"


def test_changes_are_read_as_accepted_and_told():
    body = (
        "<w:p><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:ins><w:r><w:t>mới</w:t></w:r></w:ins></w:p>"
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr>"
        + tc(p("bỏ"))
        + "</w:tr><w:tr>"
        + tc(p("giữ"))
        + "</w:tr></w:tbl>"
    )
    document = read("a.docx", word(body))
    assert texts(document) == ["mới"]
    assert shape(document.tables[0]) == [[("giữ", 0, 1, 1)]]
    assert codes(document) == ["changes-tracked"]
    assert "3 chỗ sửa" in document.problems[0].message


def test_text_boxes_stand_after_their_paragraph_once():
    box = f"<w:drawing><w:txbxContent>{p('Trong khung')}</w:txbxContent></w:drawing>"
    copy = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        f'<w:p xmlns:mc="{copy}"><w:r><w:t>Ngoài</w:t><mc:AlternateContent><mc:Choice>{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert texts(read("a.docx", word(body))) == ["Ngoài", "Trong khung"]


def test_hidden_text_is_told_not_read():
    document = read("a.docx", word(p("thấy") + p("giấu", run="<w:vanish/>")))
    assert texts(document) == ["thấy", ""]
    assert [(one.code, one.fragment) for one in document.problems] == [("text-hidden", "giấu")]


LEVELS = "".join(
    f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
    for depth, (form, text) in enumerate(
        [("upperRoman", "%1."), ("decimal", "%2"), ("decimal", "%2.%3")]
    )
)
NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{LEVELS}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/>'
    "</w:lvlOverride></w:num>"
)


def listed(depth: int, number: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def test_numbers_that_word_counts_itself_are_read():
    depths = [0, 1, 2, 2, 1, 2, 0, 1]
    body = (
        "".join(p("a", listed(depth)) for depth in depths)
        + p("a", listed(0, 2))
        + p("a", listed(0, 0))
    )
    found = texts(read("a.docx", word(body, numbering=NUMBERING)))
    assert found == ["I. a", "1 a", "1.1 a", "1.2 a", "2 a", "2.1 a", "II. a", "1 a", "IX. a", "a"]


def test_a_style_may_number_its_paragraphs_and_name_their_font():
    style = f'<w:style w:styleId="H"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:pPr>{listed(0)}</w:pPr>'
    style += '<w:rPr><w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/></w:rPr></w:style>'
    document = read(
        "a.docx", word(p("kÕ ho¹ch", '<w:pStyle w:val="H"/>'), styles=style, numbering=NUMBERING)
    )
    assert texts(document) == ["I. kế hoạch"]
    assert codes(document) == ["encoding-old"]


def test_ticks_of_symbol_fonts_are_marks():
    body = '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>'
    assert texts(read("a.docx", word(body))) == ["✓"]


def test_decomposed_letters_are_composed():
    (text,) = texts(read("a.docx", word(p("Đo\u0302\u0300ng"))))
    assert text == "Đồng"


def test_the_strict_variety_is_the_same_format():
    usual, strict = (
        "schemas.openxmlformats.org/wordprocessingml/2006/main",
        "purl.oclc.org/ooxml/wordprocessingml/main",
    )
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        body = f"<w:document {NAMES}><w:body>{p('a')}</w:body></w:document>"
        assert usual in body
        package.writestr("word/document.xml", body.replace(usual, strict))
    assert texts(read("a.docx", data.getvalue())) == ["a"]
