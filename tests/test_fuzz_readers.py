"""Sound papers damaged at random, byte by byte and node by node: a plan or a refusal comes of them,
nothing else.
"""

import random
import zipfile
from contextlib import suppress
from functools import cache
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pens import CASES, case
from test_bad_input import VOCABULARY, mutated, package, unpacked
from test_unseen import DRAWN

from toankhoa.core.compiling import compile_document
from toankhoa.documents import UnreadableDocument, read
from toankhoa.documents.reading import read_pdf

PACKAGES = [
    (path, kind) for path in CASES for kind in case(path)["kinds"] if kind in ("docx", "xlsx")
]
PAGES = [(path, kind) for path in CASES for kind in case(path)["kinds"] if kind == "html"]
PDFS = [path for path in CASES if "pdf" in case(path)["kinds"]]
ODD = (
    "",
    "0",
    "-1",
    "99999999999",
    "x",
    "2017",
    "80%",
    "Chỉ tiêu 1:",
    "\u0300",
    "I",
    "restart",
    "A1:B999999",
    "①",
    "²",
)
CHANGES = ("delete", "double", "move", "text", "value", "name")


@cache
def sound(path, kind: str) -> bytes:
    """The paper as its office saved it, of a kind that needs no other program."""
    return DRAWN[kind](case(path)["drawn"])


def survive(data: bytes) -> None:
    with suppress(UnreadableDocument):
        compile_document(read("a", data), VOCABULARY)


def altered(xml: bytes, chance: random.Random) -> bytes:
    """Some nodes deleted, doubled, moved or said otherwise; XML all the same."""
    root = etree.fromstring(xml)
    for _ in range(chance.choice([1, 3, 12])):
        nodes = list(root.iter(etree.Element))
        node, other = chance.choice(nodes), chance.choice(nodes)
        change = chance.choice(CHANGES)
        within = node in (other, *other.iterancestors())
        if change == "text":
            node.text = chance.choice(ODD)
        elif change == "value" and node.attrib:
            node.set(chance.choice(list(node.attrib)), chance.choice(ODD))
        elif change == "name":
            node.tag = other.tag
        elif change == "delete" and node is not root:
            node.getparent().remove(node)
        elif change == "double" and node is not root:
            node.addnext(etree.fromstring(etree.tostring(node)))
        elif change == "move" and node is not root and not within:
            other.append(node)
    return etree.tostring(root)


@pytest.mark.law
@given(st.sampled_from(PACKAGES), st.randoms(use_true_random=False))
def test_nodes_of_a_package(paper, chance):
    with zipfile.ZipFile(BytesIO(sound(*paper))) as opened:
        parts = {part: opened.read(part) for part in opened.namelist()}
    part = chance.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    survive(package({**parts, part: altered(parts[part], chance)}))


@pytest.mark.law
@given(st.sampled_from(PACKAGES + PAGES), st.randoms(use_true_random=False))
def test_bytes_of_a_paper(paper, chance):
    survive(mutated(sound(*paper), chance))


@pytest.mark.soak
@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_bytes_of_a_pdf(path, office):
    """As the child process reads it, without the process: what is drawn is changed, and how it is
    packed.
    """
    data = office.saved(path.stem, "pdf")
    chance = random.Random(path.stem)
    for _ in range(60):
        with suppress(UnreadableDocument):
            compile_document(
                read_pdf.read_pdf("a", mutated(chance.choice([data, unpacked(data)]), chance)),
                VOCABULARY,
            )
