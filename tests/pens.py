"""Draws the documents of cases/unseen as an office would have saved them: Word, a page saved from
Word, Excel.

Marks in a text: a new line is a paragraph, "⏎" a line break inside one; "#2.0 " at the head of a
paragraph puts it in
Word's list 2, level 0; {-struck-} and {+added+} are changes not yet accepted; {note:…} a footnote,
{box:…} a text box,
{hidden:…} hidden text. A cell may begin with marks of merging: ">3" over three columns, "v" down to
the cells that
only say "^". A cell that is a list of rows is a table in a cell.
"""

import re
import zipfile
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

import plan_files
import xlsxwriter
from case_files import FOLDER, loaded

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml."
NAMES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_MARK = re.compile(r"\{(-.*?-|\+.*?\+|note:.*?|box:.*?|hidden:.*?)\}|(⏎)", re.DOTALL)
_LISTED = re.compile(r"#(\d+)\.(\d) ?")
_SPAN = re.compile(
    r"(?P<rest>\^)(?:>(?P<more>\d+))?$|(?P<down>v(?=[A-ZĐ>]))?(?:>(?P<across>\d+) ?)?"
)
_FONTS = {".VnTime": plan_files.in_tcvn3, "VNI-Times": plan_files.in_vni}
_PAGES = {"portrait": (11906, 16838), "landscape": (16838, 11906)}
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_MARGIN = 1134  # twentieths of a point: 2 cm
CASES = sorted((FOLDER / "unseen").glob("*.yaml"))


@cache
def case(path: Path) -> dict:
    """One paper: how it is drawn, and the truth of it."""
    return loaded(path)


def written(path: Path) -> bytes:
    """It as a Word file."""
    return Pen(case(path)["drawn"]).file()


class Pen:
    """One Word file: its body, and the parts that the body refers to."""

    def __init__(self, drawn: dict) -> None:
        self.drawn = drawn
        self.font = drawn.get("font", "Times New Roman")
        self.notes: list[str] = []
        width, _ = _PAGES[drawn.get("page", "landscape")]
        self.room = width - 2 * _MARGIN

    def file(self) -> bytes:
        """The package."""
        body = "".join(map(self.block, self.drawn["body"])) + self.section()
        parts = {"document": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"}
        parts |= {"styles": f"<w:styles {NAMES}>{self.fonts('docDefaults')}</w:styles>"}
        parts |= (
            {"numbering": f"<w:numbering {NAMES}>{self.lists()}</w:numbering>"}
            if "lists" in self.drawn
            else {}
        )
        parts |= (
            {"footnotes": f"<w:footnotes {NAMES}>{self.footnotes()}</w:footnotes>"}
            if self.notes
            else {}
        )
        for name, tag in (("header", "hdr"), ("footer", "ftr")):
            if name in self.drawn:
                parts[name] = f"<w:{tag} {NAMES}>{self.paragraphs(self.drawn[name])}</w:{tag}>"
        return packed(parts)

    def section(self) -> str:
        width, height = _PAGES[self.drawn.get("page", "landscape")]
        turned = ' w:orient="landscape"' if width > height else ""
        ends = "".join(
            f'<w:{name}Reference w:type="default" r:id="{name}"/>'
            for name in ("header", "footer")
            if name in self.drawn
        )
        sides = " ".join(
            f'w:{side}="{_MARGIN}"'
            for side in ("top", "right", "bottom", "left", "header", "footer")
        )
        size = f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        return f'<w:sectPr>{ends}{size}<w:pgMar {sides} w:gutter="0"/></w:sectPr>'

    def block(self, block) -> str:
        return self.paragraphs(block) if isinstance(block, str) else self.table(block)

    def paragraphs(self, text: str) -> str:
        centred = text.partition("\n")[0].isupper() and "\n" in text
        return "".join(
            self.paragraph(line, '<w:jc w:val="center"/>' * centred) for line in text.split("\n")
        )

    def paragraph(self, text: str, look: str = "") -> str:
        listed = _LISTED.match(text)
        text = text[listed.end() :] if listed else text
        numbered = (
            '<w:numPr><w:ilvl w:val="{1}"/><w:numId w:val="{0}"/></w:numPr>'.format(
                *listed.groups()
            )
            if listed
            else ""
        )
        runs, place = "", 0
        for mark in _MARK.finditer(text):
            runs += self.run(text[place : mark.start()]) + self.marked(mark)
            place = mark.end()
        return f"<w:p><w:pPr>{numbered}{look}</w:pPr>{runs}{self.run(text[place:])}</w:p>"

    def run(self, text: str, tag: str = "t", look: str = "") -> str:
        write = _FONTS.get(self.font)
        pieces = write(text) if write else [(None, text)]
        return "".join(
            f"<w:r><w:rPr>{self.fonts('run', font) if font else ''}{look}</w:rPr>"
            f'<w:{tag} xml:space="preserve">{escape(piece, quote=False)}</w:{tag}></w:r>'
            for font, piece in pieces
            if piece
        )

    def fonts(self, where: str, font: str | None = None) -> str:
        name = font or self.font
        said = f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:cs="{name}"/>'
        if where == "run":
            return said
        said += f'<w:sz w:val="{self.drawn.get("size", 24)}"/>'
        return f"<w:docDefaults><w:rPrDefault><w:rPr>{said}</w:rPr></w:rPrDefault></w:docDefaults>"

    def marked(self, mark: re.Match[str]) -> str:
        said = mark[1] or ""
        if mark[2]:
            return "<w:r><w:br/></w:r>"
        if said[0] in "-+":
            tag, text = ("del", "delText") if said[0] == "-" else ("ins", "t")
            return f'<w:{tag} w:id="1" w:author="VP">{self.run(said[1:-1], text)}</w:{tag}>'
        kind, _, text = said.partition(":")
        if kind == "note":
            self.notes.append(text)
            return f'<w:r>{_RAISED}<w:footnoteReference w:id="{len(self.notes) + 1}"/></w:r>'
        if kind == "hidden":
            return self.run(text, look="<w:vanish/>")
        inside = f"<w:txbxContent>{self.paragraphs(text)}</w:txbxContent>"
        shape = (
            f'<v:shape style="width:120pt;height:30pt"><v:textbox>{inside}</v:textbox></v:shape>'
        )
        return f"<w:r><w:pict>{shape}</w:pict></w:r>"

    def table(self, block: dict) -> str:
        rows = block["table"]
        shares = block.get("widths") or [1] * max(
            sum(spans(cell)[1] for cell in row) for row in rows
        )
        widths = [self.room * share // sum(shares) for share in shares]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        lines = "".join(
            f'<w:{side} w:val="{"none" if block.get("plain") else "single"}" w:sz="4"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        borders = (
            f'<w:tblPr><w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        )
        drawn = "".join(
            self.row(row, widths, place < block.get("repeat", 0)) for place, row in enumerate(rows)
        )
        return f"<w:tbl>{borders}<w:tblGrid>{grid}</w:tblGrid>{drawn}</w:tbl>"

    def row(self, row: list, widths: list[int], repeated: bool) -> str:
        cells, column = "", 0
        for cell in row:
            down, across, rest = spans(cell)
            width = sum(widths[column : column + across])
            merge = {"v": '<w:vMerge w:val="restart"/>', "^": "<w:vMerge/>"}.get(down, "")
            wide = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
            properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{wide}{merge}</w:tcPr>'
            inside = (
                self.paragraphs(rest)
                if isinstance(rest, str)
                else "".join(map(self.block, rest)) + "<w:p/>"
            )
            cells += f"<w:tc>{properties}{inside}</w:tc>"
            column += across
        return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if repeated else ''}{cells}</w:tr>"

    def lists(self) -> str:
        said = ""
        for number, levels in self.drawn["lists"].items():
            inner = "".join(
                f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
                f'<w:lvlText w:val="{text}"/></w:lvl>'
                for depth, (form, text) in enumerate(levels)
            )
            said += f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'
        return said + "".join(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
            for number in self.drawn["lists"]
        )

    def footnotes(self) -> str:
        kept = '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        own = f"<w:r>{_RAISED}<w:footnoteRef/></w:r>"
        notes = (
            self.paragraph(f" {text}").replace("</w:pPr>", f"</w:pPr>{own}") for text in self.notes
        )
        return kept + "".join(
            f'<w:footnote w:id="{place}">{note}</w:footnote>'
            for place, note in enumerate(notes, start=2)
        )


def spans(cell) -> tuple[str, int, object]:
    """Whether it is merged downwards ("v" begins, "^" goes on), over how many columns, and what
    stands in it.
    """
    if not isinstance(cell, str):
        return "", 1, cell
    said = _SPAN.match(cell)
    if said["rest"]:
        return "^", int(said["more"] or 1), ""
    return said["down"] or "", int(said["across"] or 1), cell[said.end() :]


def packed(parts: dict[str, str]) -> bytes:
    """A Word package of those parts."""
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{KIND}{name}{".main" if name == "document" else ""}+xml"/>'
        for name in parts
    )
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    listed = "".join(
        f'<Relationship Id="{name}" Type="{R}/{name}" Target="{name}.xml"/>'
        for name in parts
        if name != "document"
    )
    main = f'<Relationship Id="d" Type="{R}/officeDocument" Target="word/document.xml"/>'
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f'<Types xmlns="{TYPES}">{rels}{overrides}</Types>')
        package.writestr(
            "_rels/.rels", f'<Relationships xmlns="{RELATIONS}">{main}</Relationships>'
        )
        package.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{RELATIONS}">{listed}</Relationships>',
        )
        for name, part in parts.items():
            package.writestr(f"word/{name}.xml", part)
    return data.getvalue()


# A page saved from Word


class Page:
    """HTML as Word saves it: a span for every run, lists written out, lines broken anywhere,
    letters as numbers.
    """

    def __init__(self, drawn: dict) -> None:
        self.drawn = drawn
        self.counts: dict[str, int] = {}
        self.notes: list[str] = []

    def file(self) -> bytes:
        style = "<style><!-- p.MsoNormal {margin:0cm; font-size:13.0pt;} --></style>"
        office = 'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"'
        inside = "\n\n".join(map(self.block, self.drawn["body"])) + self.footnotes()
        head = f"<head>\n<meta charset=windows-1252>\n{style}\n</head>"
        text = f"<html {office}>\n{head}\n<body lang=VI>\n<div class=WordSection1>{inside}</div></body></html>"
        return text.encode("ascii", "xmlcharrefreplace")

    def block(self, block) -> str:
        return self.paragraphs(block) if isinstance(block, str) else self.table(block)

    def paragraphs(self, text: str) -> str:
        return "\n".join(map(self.paragraph, text.split("\n")))

    def paragraph(self, text: str) -> str:
        listed = _LISTED.match(text)
        number = self.number(listed) if listed else ""
        runs = _MARK.sub(self.marked, escape(text[listed.end() if listed else 0 :], quote=False))
        words = runs.split(" ")
        broken = " ".join(words[:6]) + ("\n" + " ".join(words[6:]) if len(words) > 6 else "")
        font = "style='font-size:13.0pt;font-family:\"Times New Roman\",serif'"
        said = f"<span {font}>{broken or '&nbsp;'}<o:p></o:p></span>"
        return f"<p class=MsoNormal align=center style='text-align:center'>{number}{said}</p>"

    def number(self, listed: re.Match[str]) -> str:
        form, text = self.drawn["lists"][int(listed[1])][int(listed[2])]
        self.counts[listed[1]] = self.counts.get(listed[1], 0) + 1
        count = (
            "I" * self.counts[listed[1]] if form == "upperRoman" else str(self.counts[listed[1]])
        )
        said = "-" if form == "bullet" else text.replace("%1", count)
        gap = "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span>"
        return f"<![if !supportLists]><span style='mso-list:Ignore'>{said}{gap}</span><![endif]>"

    def marked(self, mark: re.Match[str]) -> str:
        if mark[2]:
            return "<br>\n"
        kind, _, text = mark[1].partition(":")
        if kind != "note":
            return ""  # a text box is saved as a picture
        self.notes.append(text)
        place = len(self.notes)
        link = f'href="#_ftn{place}" name="_ftnref{place}"'
        return f"<a style='mso-footnote-id:ftn{place}' {link}><span class=MsoFootnoteReference>[{place}]</span></a>"

    def footnotes(self) -> str:
        notes = "".join(
            f"<div style='mso-element:footnote' id=ftn{place}><p class=MsoFootnoteText>"
            f"<a style='mso-footnote-id:ftn{place}' href='#_ftnref{place}'><span>[{place}]</span></a> {text}</p></div>"
            for place, text in enumerate(self.notes, start=1)
        )
        return f"<div style='mso-element:footnote-list'><hr size=1>{notes}</div>" if notes else ""

    def table(self, block: dict) -> str:
        rows = block["table"]
        lines = ""
        for place, row in enumerate(rows):
            cells, column = "", 0
            for cell in row:
                down, across, inside = spans(cell)
                if down != "^":
                    deep = 1 + _below(rows, place, column) if down == "v" else 1
                    text = (
                        self.paragraphs(inside)
                        if isinstance(inside, str)
                        else "".join(map(self.block, inside))
                    )
                    cells += (
                        f"<td width=90 colspan={across} rowspan={deep} valign=top>{text}</td>\n"
                    )
                column += across
            lines += f" <tr style='mso-yfti-irow:{place}'>\n  {cells} </tr>\n"
        return f"<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0>\n{lines}</table>"


def _below(rows: list, place: int, column: int) -> int:
    """How many cells right below go on with the one at that column."""
    count = 0
    for row in rows[place + 1 :]:
        starts, at = {}, 0
        for cell in row:
            starts[at] = spans(cell)[0]
            at += spans(cell)[1]
        if starts.get(column) != "^":
            break
        count += 1
    return count


# Excel


def workbook(drawn: dict) -> bytes:
    """Sheets of rows; "=A1*2|90%" is a formula with the value that was kept, "90%" and "1250" are
    numbers.
    """
    saved = BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as book:
        for title, sheet in drawn["sheets"].items():
            written = book.add_worksheet(title)
            _sheet(book, written, sheet)
            for row in sheet.get("hidden_rows", ()):
                written.set_row(row - 1, None, None, {"hidden": True})
            for column in sheet.get("hidden_columns", ()):
                written.set_column(f"{column}:{column}", None, None, {"hidden": True})
            if sheet.get("hidden"):
                written.hide()
    return saved.getvalue()


def _sheet(book, written, sheet: dict) -> None:
    first, last = sheet["table"]
    looks = {}
    for place, row in enumerate(sheet["rows"]):
        column = 0
        for cell in row:
            down, across, text = spans(cell)
            drawn = first <= place + 1 <= last and sheet.get("bordered", True)
            deep = 1 + _below(sheet["rows"], place, column) if down == "v" else 1
            if down != "^":
                _put(
                    book,
                    written,
                    (place, column, place + deep - 1, column + across - 1),
                    text,
                    drawn,
                    looks,
                )
            column += across


def _put(
    book, written, place: tuple[int, int, int, int], text: str, drawn: bool, looks: dict
) -> None:
    formula, _, value = text.partition("|") if text.startswith("=") else ("", "", text)
    percent = re.fullmatch(r"(\d+)(?:,(\d+))?%", value)
    form = f"0{'.' + '0' * len(percent[2]) if percent[2] else ''}%" if percent else "General"
    look = looks.setdefault(
        (form, drawn), book.add_format({"num_format": form, "border": int(drawn)})
    )
    kept = (
        float(value[:-1].replace(",", ".")) / 100
        if percent
        else int(value)
        if value.isdecimal()
        else value
    )
    if place[:2] != place[2:]:
        written.merge_range(*place, kept, look)
    elif formula:
        written.write_formula(*place[:2], formula, look, kept)
    elif kept != "" or drawn:
        written.write(*place[:2], kept, look)
