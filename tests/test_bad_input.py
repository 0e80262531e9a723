"""Files that are damaged, locked, disguised or hostile: each gets a message, in time, and nothing
else happens.
"""

import random
import re
import resource
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path

import plan_files
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_read_docx import p, word

from toankhoa.core.basics import Severity
from toankhoa.core.compiling import (
    Document,
    Paragraph,
    Table,
    TableCell,
    TableRow,
    compile_document,
)
from toankhoa.documents import UnreadableDocument, read
from toankhoa.documents.reading import read_office
from toankhoa.documents.reading.packages import MAX_UNZIPPED
from toankhoa.library import load_library

VOCABULARY = load_library().vocabulary
SECONDS = 2  # in which a file that cannot be read is refused
MEMORY = 512  # MB
LONG = 5000  # rows
Made = (
    bytes | Callable[[], bytes]
)  # a file, or what writes it: only once it is read, not when tests are collected


def package(parts: dict[str, bytes | str], flags: int = 0) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as written:
        for part, inside in parts.items():
            written.writestr(part, inside)
    raw = bytearray(data.getvalue())
    if flags:  # as a program that encrypts marks each entry
        for place in positions(raw, b"PK\x01\x02"):
            raw[place + 8] |= flags
    return bytes(raw)


def positions(data: bytes, wanted: bytes):
    place = data.find(wanted)
    while place >= 0:
        yield place
        place = data.find(wanted, place + 1)


@cache
def bomb() -> bytes:
    """Small as a file, larger than any limit when unzipped."""
    data = BytesIO()
    with (
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as written,
        written.open("word/document.xml", "w") as part,
    ):
        for _ in range(MAX_UNZIPPED // 2**20 + 50):
            part.write(b" " * 2**20)
    return data.getvalue()


@cache
def packed() -> bytes:
    """A PDF that inflates beyond any limit."""
    packer = zlib.compressobj()
    pieces = [packer.compress(bytes(2**20)) for _ in range(MAX_UNZIPPED // 2**20 + 50)]
    return b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + b"".join(pieces) + packer.flush()


def made(data: Made) -> bytes:
    return data if isinstance(data, bytes) else data()


def entities(kind: str) -> bytes:
    """Nine entities, each ten times the one before."""
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {kind} [<!ENTITY e0 "ha">{lines}]><{kind}>&e9;</{kind}>'.encode()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OUTSIDE = b'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/hostname">]><d>&f;</d>'
BAD: dict[str, tuple[str, Made]] = {
    "nothing": ("document-empty", b""),
    "blanks": ("document-empty", b"\r\n \t\n"),
    "zeros": ("document-empty", bytes(5000)),
    "cut Word": ("document-broken", lambda: plan_files.source("seed")[:-3000]),
    "half a Word": ("document-broken", lambda: plan_files.source("seed")[:9000]),
    "cut PDF": ("document-broken", b"%PDF-1.7\n1 0 obj\n<</Type /Catalog"),
    "encrypted Word": (
        "document-protected",
        OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    ),
    "locked .doc": (
        "document-protected",
        OLE + bytes(504) + b"\xec\xa5" + bytes(9) + b"\x01" + bytes(90),
    ),
    "encrypted zip": ("document-protected", package({"word/document.xml": "x"}, flags=1)),
    "zip bomb": ("document-too-large", bomb),
    "PDF bomb": ("document-too-large", packed),
    "entity bomb": ("document-unsafe", package({"word/document.xml": entities("d")})),
    "entity bomb in Excel": ("document-unsafe", package({"xl/workbook.xml": entities("workbook")})),
    "a file of this machine": ("document-unsafe", package({"word/document.xml": OUTSIDE})),
    "some zip": ("document-kind", package({"a.txt": "a"})),
    "slides": ("document-kind", package({"ppt/presentation.xml": "<p/>"})),
    "picture": ("document-picture", b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "program": ("document-kind", b"MZ\x90\0\x03\0\0\0" + bytes(range(256))),
    "old Excel, cut": ("document-broken", OLE + bytes(600)),
    "not XML": ("document-broken", package({"word/document.xml": "<w:p"})),
}


@pytest.mark.parametrize(("code", "data"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("name", ["kế hoạch.docx", "kế hoạch.pdf"])
def test_what_cannot_be_read_is_refused_in_time(code, data, name):
    data = made(data)
    begun = time.process_time()
    with pytest.raises(UnreadableDocument) as raised:
        read(name, data)
    assert time.process_time() - begun < SECONDS
    problem = raised.value.problem
    assert (problem.code, problem.severity) == (code, Severity.ERROR)
    assert f"“{name}”" in problem.message
    assert "Hãy" in problem.message


def test_a_wrong_extension_does_not_matter():
    plan = compile_document(read("kế hoạch.xls", plan_files.source("seed")), VOCABULARY)[0]
    assert plan == compile_document(read("kế hoạch.docx", plan_files.source("seed")), VOCABULARY)[0]


def test_macros_are_left_alone_and_told():
    parts = {"word/vbaProject.bin": b"\0macro", "word/document.xml": inside(word(p("a")))}
    document = read("a.docm", package(parts))
    assert [block.text for block in document.blocks] == ["a"]
    assert [(one.code, one.severity) for one in document.problems] == [
        ("document-macros", Severity.NOTE)
    ]


def test_macros_of_an_old_file_are_told(office):
    old = office.saved("one line", "doc")
    document = read("a.doc", old + "_VBA_PROJECT".encode("utf-16-le"))
    assert [one.code for one in document.problems] == ["document-converted", "document-macros"]


def test_a_pdf_with_a_password_says_so(office):
    with pytest.raises(UnreadableDocument, match="đặt mật khẩu"):
        read("a.pdf", office.locked_pdf("one line"))


def inside(data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as opened:
        return opened.read("word/document.xml")


def test_without_an_office_program_an_old_file_says_what_to_do(monkeypatch):
    monkeypatch.setattr(read_office, "_PROGRAMS", ("no-such-office",))
    with pytest.raises(UnreadableDocument, match=r"LibreOffice.*lưu lại thành \.docx"):
        read("cũ.rtf", b"{\\rtf1 a}")


def test_a_scan_says_so():
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>")
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    body += (
        b"xref\n0 4\n0000000000 65535 f \n" + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n"
    )
    with pytest.raises(UnreadableDocument, match="bản chụp"):
        read("a.pdf", body + b"%d\n%%%%EOF" % (body.index(b"xref\n")))


def test_elements_nested_without_end():
    with pytest.raises(UnreadableDocument):
        read("a.docx", word("<w:sdt><w:sdtContent>" * 5000))
    with suppress(UnreadableDocument):
        read("a.html", b"<div>" * 100_000 + b"<p>a")


def test_a_merge_over_the_whole_sheet_is_cut():
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet = (
        f'<worksheet {names}><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c><c r="XFD1"><v>1</v></c></row>'
        '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    )
    listed = '<sheet name="S" r:id="r1"/>'
    parts = {
        "xl/workbook.xml": f'<workbook {names} xmlns:r="{relation}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<R><R Id="r1" Type="{relation}/worksheet" Target="s.xml"/></R>',
        "xl/s.xml": sheet,
    }
    document = read("a.xlsx", package(parts))
    assert [one.code for one in document.problems] == ["cells-hidden"]
    compile_document(document, VOCABULARY)


# Long files


LONGER = ("xlsx", "markdown")  # read in `make soak`; Excel's memory on every run


@cache
def long_plan() -> Document:
    """The demonstration plan with its rows again and again."""
    plan = plan_files.document("seed")
    table = max(plan.tables, key=lambda one: len(one.rows))
    rows = table.rows[:2] + table.rows[2:] * (LONG // (len(table.rows) - 2) + 1)
    longer = Table(rows[: LONG + 2], table.width)
    return Document(plan.file, tuple(longer if block is table else block for block in plan.blocks))


@pytest.mark.parametrize(
    "kind", ["html", *(pytest.param(kind, marks=pytest.mark.soak) for kind in LONGER)]
)
def test_a_plan_of_5000_rows(kind):
    data = getattr(plan_files, kind)(long_plan())
    begun = time.process_time()
    plan, _ = compile_document(read(f"plan.{kind}", data), VOCABULARY)
    assert time.process_time() - begun < 10
    assert len(plan.activities) + len(plan.objectives) > LONG * 0.9


def test_memory_stays_small():
    """In a process of its own, which is told how much it may have."""
    if not hasattr(resource, "RLIMIT_AS"):
        pytest.skip("this system does not limit memory")
    data = plan_files.xlsx(long_plan())
    code = (
        "import resource, sys; limit = int(sys.argv[1]) * 2**20\n"
        "from toankhoa.documents import read, UnreadableDocument\n"
        "read('a.xlsx', sys.stdin.buffer.read())\n"
        "used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024\n"
        "assert used < limit, used"
    )
    source = str(Path(__file__).resolve().parent.parent / "src")
    subprocess.run(
        [sys.executable, "-c", code, str(MEMORY)],
        input=data,
        check=True,
        env={"PYTHONPATH": source},
    )


# Anything at all


@cache
def samples() -> tuple[bytes, ...]:
    """A sound file of each kind."""
    document = plan_files.document("seed")
    small = Document(document.file, tuple(short(block) for block in document.blocks))
    return (
        plan_files.source("seed"),
        plan_files.xlsx(small),
        plan_files.html(small),
        plan_files.markdown(small),
        b"\tA\n\tB\n\n\t1\n\t2017\n",
        inside(plan_files.source("seed"))[:20_000],
    )


def short(block: Paragraph | Table) -> Paragraph | Table:
    return block if isinstance(block, Paragraph) else Table(block.rows[:12], block.width)


def survive(data: bytes) -> None:
    """Reads and compiles; only one kind of exception may leave."""
    with suppress(UnreadableDocument):
        compile_document(read("a", data), VOCABULARY)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, a stretch doubled or cut out."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 3, 30])):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    begin, end = sorted(chance.randrange(len(changed)) for _ in range(2))
    return bytes(
        chance.choice([changed, changed[:begin] + changed[end:], changed[:end] + changed[begin:]])
    )


@pytest.mark.law
@given(st.integers(0, 5), st.randoms(use_true_random=False))
def test_mutated_files_only_raise_what_is_said(kind, chance):
    survive(mutated(samples()[kind], chance))


@pytest.mark.law
@given(st.integers(0, 1), st.randoms(use_true_random=False))
def test_packages_with_mutated_parts_only_raise_what_is_said(kind, chance):
    """The zip is sound, so that the XML inside is what the readers meet."""
    with zipfile.ZipFile(BytesIO(samples()[kind])) as opened:
        parts = {part: opened.read(part) for part in opened.namelist()}
    part = chance.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    survive(package({**parts, part: reworded(parts[part], chance)}))


def reworded(xml: bytes, chance: random.Random) -> bytes:
    """Values and elements changed so that it stays XML more often than not."""
    pieces = xml.split(b'"')
    for _ in range(chance.choice([1, 4, 20])):
        place = chance.randrange(len(pieces))
        if place % 2:
            pieces[place] = chance.choice(
                [b"", b"0", b"-1", b"99999999999", b"x", b"A1:B999999", pieces[-2][:9]]
            )
    lines = b'"'.join(pieces).split(b"><")
    if len(lines) > 4 and chance.random() < 0.3:
        lines[chance.randrange(1, len(lines) - 1)] = lines[chance.randrange(1, len(lines) - 1)]
    return b"><".join(lines)


@pytest.mark.law
@given(st.binary(max_size=300))
def test_random_bytes_only_raise_what_is_said(data):
    survive(data)


TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            "x",
            "STT",
            "Hoạt động",
            "2017",
            "2018",
            "80%",
            "Chỉ tiêu 1:",
            "I",
            "1.1",
            "≥ 5 (A, B)",
            "+",
        ]
    ),
    st.text(max_size=12),
)


@st.composite
def tables(draw) -> Table:
    """Any table, with spans that may lie over one another."""
    width = draw(st.integers(1, 7))
    cells = st.builds(
        TableCell, TEXTS, st.integers(0, width - 1), st.integers(1, 3), st.integers(1, 3)
    )
    rows = draw(st.lists(st.lists(cells, max_size=width), max_size=8))
    return Table(
        tuple(TableRow(tuple(sorted(row, key=lambda cell: cell.column))) for row in rows), width
    )


@pytest.mark.law
@given(st.lists(st.one_of(tables(), st.builds(Paragraph, TEXTS)), max_size=5))
def test_any_document_compiles_without_an_exception(blocks):
    compile_document(Document("a", tuple(blocks)), VOCABULARY)


@pytest.mark.soak
def test_mutated_pdfs_only_raise_what_is_said(office):
    """Packed as it comes, and with its streams unpacked, so that what is drawn is changed as well."""
    data = office.saved("seed", "pdf")
    chance = random.Random(1)
    for _ in range(100):
        survive(mutated(chance.choice([data, unpacked(data)]), chance))


def unpacked(pdf: bytes) -> bytes:
    """A PDF whose streams stand as they are meant; its readers look for the parts anew."""
    plain, place = b"", 0
    for stream in re.finditer(rb"(?<!end)stream\r?\n", pdf):
        end = pdf.find(b"endstream", stream.end())
        with suppress(zlib.error):
            inside = zlib.decompress(pdf[stream.end() : end].rstrip(b"\r\n"))
            plain += pdf[place : stream.end()].replace(b"/Filter/FlateDecode", b"") + inside + b"\n"
            place = end
    return plain + pdf[place:]
