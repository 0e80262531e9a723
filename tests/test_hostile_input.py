"""Files made to keep a reader busy or to fill the memory: refused in time, measured in a process of
their own.
"""

import json
import pickle
import subprocess
import sys
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from test_bad_input import BAD, MEMORY, SECONDS, made, package
from test_read_docx import word

from toankhoa.documents import UnreadableDocument, read
from toankhoa.documents.reading import apart, reader
from toankhoa.documents.reading.limits import MOST_CELLS, MOST_TAGS

SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sheet(rows: str, tail: str = "") -> bytes:
    listed = f'<workbook {SHEET} xmlns:r="{RELATION}"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>'
    parts = {
        "xl/workbook.xml": listed,
        "xl/_rels/workbook.xml.rels": f'<R><R Id="r1" Type="{RELATION}/worksheet" Target="s.xml"/></R>',
        "xl/s.xml": f"<worksheet {SHEET}><sheetData>{rows}</sheetData>{tail}</worksheet>",
    }
    return package(parts)


def office(name: str) -> bytes:
    """A compound file with a stream of that name and nothing where its directory should be."""
    return OLE + name.encode("utf-16-le") + bytes(5000)


def locked_sheet() -> bytes:
    """The first records of an .xls that asks for a password."""
    return OLE + bytes(504) + b"\x09\x08\x10\x00\x00\x06" + bytes(14) + b"\x2f\x00" + bytes(600)


MERGES = (
    "<mergeCells>"
    + "".join(f'<mergeCell ref="A{row}:BK9000"/>' for row in range(1, 2000))
    + "</mergeCells>"
)
SPARSE = "".join(
    f'<row><c r="A{row}"><v>1</v></c><c r="BK{row}"><v>1</v></c></row>' for row in range(1, 9001)
)
WIDE = "<tr>" + "<td rowspan=30000>a" * 60 + "</tr>"
HOSTILE = {
    "paragraphs without end": ("document-too-large", word("<w:p/>" * (MOST_TAGS + 1))),
    "one paragraph of runs": (
        "paragraph-too-long",
        word("<w:p>" + "<w:r><w:t>a</w:t></w:r>" * 40_000 + "</w:p>"),
    ),
    "a sheet of ones": ("document-too-large", sheet(f"<row>{'<c><v>1</v></c>' * 63}</row>" * 8000)),
    "merges over one another": ("document-too-large", sheet(SPARSE, MERGES)),
    "cells as tall as the page": (
        "document-too-large",
        f"<table>{WIDE}{'<tr><td>b</tr>' * 29_000}".encode(),
    ),
    "a page of cells": ("document-too-large", b"<table>" + b"<tr><td>a" * (MOST_CELLS + 1)),
    "fonts named and named": ("document-too-large", b"face=" * 2_000_000),
    "stars": ("paragraph-too-long", b"| a | b |\n|---|---|\n" + b"*a" * 100_000),
    "a heading of blanks": ("no refusal", b"| a | b |\n|---|---|\n# " + b" " * 19_000 + b"x"),
    "one line": ("paragraph-too-long", "đạt 5% hộ, ".encode() * 200_000),
    "tabs": ("document-too-large", b"\t1" * 3_000_000),
    "lines": ("document-too-large", b"a\n" * 5_000_000),
    "a PDF that holds itself": (
        "document-broken",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\ntrailer<</Root 1 0 R>>",
    ),
    "RTF, cut": ("document-broken", b"{\\rtf1 " + b"{" * 100_000),
    "old Word, cut": ("document-broken", office("WordDocument")),
    "old Excel, locked": ("document-protected", locked_sheet()),
    **BAD,
}
MEASURED = """
import json, os, pickle, resource, sys
from toankhoa.documents import UnreadableDocument, read
for name, data in pickle.load(sys.stdin.buffer).items():
    before = sum(os.times()[:4])
    try:
        read(name, data)
    except UnreadableDocument as refusal:
        code = refusal.problem.code
    else:
        code = "no refusal"
    peaks = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps([name, code, sum(os.times()[:4]) - before, max(peaks)]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
def test_every_bad_file_is_refused_in_time_and_in_little_memory():
    given = pickle.dumps({name: made(data) for name, (_, data) in HOSTILE.items()})
    source = str(Path(__file__).resolve().parent.parent / "src")
    run = subprocess.run(
        [sys.executable, "-c", MEASURED],
        input=given,
        capture_output=True,
        env={"PYTHONPATH": source},
    )
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert {name: code for name, code, _, _ in found} == {
        name: code for name, (code, _) in HOSTILE.items()
    }
    assert [(name, seconds) for name, _, seconds, _ in found if seconds >= SECONDS] == []
    assert found[-1][-1] < MEMORY


NOTHING = b"q 1 0 0 1 0 0 cm Q\n"  # a stroke that leaves no line


def endless() -> bytes:
    """A PDF whose one page draws without end."""
    return drawing(NOTHING * 3_000_000)


def swelling() -> bytes:
    """A PDF of some 200 KB whose one page unpacks to 136 MB, which is less than a file may."""
    return drawing(zlib.compress(NOTHING * 7_500_000), b"/Filter/FlateDecode")


def drawing(content: bytes, how: bytes = b"") -> bytes:
    """A PDF of one page with that content."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>")
    objects.append(b"<</Length %d%s>>stream\n" % (len(content), how) + content + b"endstream")
    body = b"%PDF-1.4\n"
    for number, one in enumerate(objects, start=1):
        body += b"%d 0 obj%s endobj\n" % (number, one)
    return body + b"trailer<</Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize(
    ("limit", "most", "made", "code"),
    [
        ("SECONDS", 1, endless, "document-slow"),
        # The reader itself takes 220 MB; what unpacks, 136 more.
        ("MEMORY", 300 * 2**20, swelling, "document-too-large"),
    ],
)
def test_a_pdf_that_takes_too_much_ends_alone(limit, most, made, code, monkeypatch):
    """With limits smaller than usual, so that the test need not wait for them."""
    monkeypatch.setattr(apart, limit, most)
    data = made()
    assert len(data) < reader.MAX_BYTES
    with pytest.raises(UnreadableDocument) as raised:
        read("dài.pdf", data)
    assert raised.value.problem.code == code


def test_a_zip_that_names_more_than_it_holds():
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as written:
        for number in range(3000):
            written.writestr(f"word/{number}.xml", "a")
    with pytest.raises(UnreadableDocument):
        read("a.docx", data.getvalue())
