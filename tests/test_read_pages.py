"""Web pages, Markdown, plain text, and Vietnamese as it was typed before Unicode."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_read_docx import p, word
from test_reading import shape, texts

from toankhoa.core.basics import Severity
from toankhoa.documents import UnreadableDocument, read
from toankhoa.documents.reading.encodings import Script, script_of, to_unicode


def test_a_page_keeps_spans_breaks_and_order():
    page = (
        "<html><head><title>không đọc</title><style>p{}</style></head><body><h1>Kế  hoạch</h1><div>Căn cứ<br>luật</div>"
        "<table><thead><tr><th rowspan=2>STT<th colspan='2'>Năm</tr><tr><td>2017<td>2018</tr></thead>"
        "<tbody><tr><td>1<td><p>a</p><p>b</p><td>x</tr></tbody></table>Hết<script>var a = 1</script>"
        "<p style='display: none'>giấu</p></body></html>"
    )
    document = read("a.html", page.encode())
    assert texts(document) == ["Kế hoạch", "Căn cứ\nluật", "Hết"]
    assert shape(document.tables[0]) == [
        [("STT", 0, 1, 2), ("Năm", 1, 2, 1)],
        [("2017", 1, 1, 1), ("2018", 2, 1, 1)],
        [("1", 0, 1, 1), ("a\nb", 1, 1, 1), ("x", 2, 1, 1)],
    ]


def test_a_table_that_frames_a_page_is_read_in_place():
    inner = "<table><tr><td>a<td>b<td>c</tr></table>"
    document = read("a.html", f"<table><tr><td><p>Trên</p>{inner}</td></tr></table>".encode())
    assert texts(document) == ["Trên"]
    assert shape(document.tables[0]) == [[("a", 0, 1, 1), ("b", 1, 1, 1), ("c", 2, 1, 1)]]


def test_endless_spans_are_cut_at_the_table():
    page = "<table><tr><td rowspan=999999 colspan=999999>a</tr><tr><td>b</tr></table>"
    (table,) = read("a.html", page.encode()).tables
    assert (table.width, table.rows[0].cells[0].rows) == (63, 2)


def test_fonts_of_a_page():
    page = "<p><font face='.VnTime'>kÕ</font> <span style=\"font-family:'VNI-Times'\">hoaïch</span> năm</p>"
    document = read("a.html", page.encode())
    assert texts(document) == ["kế hoạch năm"]
    assert [one.fragment for one in document.problems] == [Script.TCVN3, Script.VNI]


def test_markdown_tables():
    text = "# Kế hoạch\n\n**Căn cứ** luật\n\n"
    text += "| STT | Việc | 2017 |\n|---|:-:|---|\n| 1 | a\\|b<br>c | **x** |\n2 | d |\n\nHết\n"
    document = read("a.md", text.encode())
    assert texts(document) == ["Kế hoạch", "Căn cứ luật", "Hết"]
    assert shape(document.tables[0]) == [
        [("STT", 0, 1, 1), ("Việc", 1, 1, 1), ("2017", 2, 1, 1)],
        [("1", 0, 1, 1), ("a|b\nc", 1, 1, 1), ("x", 2, 1, 1)],
        [("2", 0, 1, 1), ("d", 1, 1, 1)],
    ]


PLAIN = "Kế hoạch thực hiện nhiệm vụ năm 2017 của các cấp: chỉ tiêu đạt trên 80%, ở mọi đơn vị"
TYPED = {
    "TCVN3": "KÕ ho¹ch thùc hiÖn nhiÖm vô n¨m 2017 cña c¸c cÊp: chØ tiªu ®¹t trªn 80%, ë mäi ®¬n vÞ",
    "VNI": "Keá hoaïch thöïc hieän nhieäm vuï naêm 2017 cuûa caùc caáp: chæ tieâu ñaït treân 80%, ôû moïi ñôn vò",
}


@pytest.mark.parametrize("script", TYPED)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_plain_text_of_old_is_known_by_its_words(script, encoding):
    document = read("a.txt", TYPED[script].encode(encoding))
    assert texts(document) == [PLAIN]
    assert [(one.code, one.severity, one.fragment) for one in document.problems] == [
        ("encoding-old", Severity.WARNING, script)
    ]


@pytest.mark.parametrize("script", TYPED)
def test_words_vouch_where_no_font_does(script):
    """As a Word file whose fonts somebody changed, and a PDF that was made where they are missing."""
    document = read("a.docx", word(p(TYPED[script])))
    assert texts(document) == [PLAIN]
    assert [(one.code, one.severity) for one in document.problems] == [
        ("encoding-old", Severity.WARNING)
    ]


def test_windows_1258_has_tones_of_their_own():
    # Its five tones are combining characters: a letter with its mark, then the tone.
    apart = {
        "ế": "ê\u0301",
        "ạ": "a\u0323",
        "ự": "ư\u0323",
        "ệ": "ê\u0323",
        "ụ": "u\u0323",
        "ủ": "u\u0309",
    }
    apart |= {"ấ": "â\u0301", "ỉ": "i\u0309", "ở": "ơ\u0309", "ọ": "o\u0323", "ị": "i\u0323"}
    data = "".join(apart.get(char, char) for char in PLAIN).encode("cp1258")
    assert texts(read("a.txt", data)) == [PLAIN]


def test_weak_evidence_changes_nothing():
    french = "Le café est très bon à la fête où l'été dure"
    assert texts(read("a.txt", french.encode())) == [french]
    with pytest.raises(UnreadableDocument, match="Unicode"):
        read("a.txt", french.encode("latin-1"))


def test_text_in_unicode_stays_though_its_font_is_old():
    assert to_unicode("Đồng Nai", Script.TCVN3) == "Đồng Nai"
    assert to_unicode("céng hßa", Script.TCVN3_CAPITALS) == "CỘNG HÒA"


@pytest.mark.parametrize(
    ("font", "script"),
    [
        (".VnTime", Script.TCVN3),
        (".VnArialH", Script.TCVN3_CAPITALS),
        ("ABCDEF+.VnTime", Script.TCVN3),
        ("VNI-Times", Script.VNI),
        ("Times New Roman", None),
        (None, None),
    ],
)
def test_a_font_tells_its_script(font, script):
    assert script_of(font) is script


@pytest.mark.law
@given(
    st.lists(
        st.lists(st.text("abĐ |\\*<&", max_size=6), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
def test_nothing_of_a_page_is_lost(rows):
    cells = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    (table,) = read("a.html", f"<table>{cells}</table>".encode()).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        [" ".join(text.split()) for text in row] for row in rows
    ]
