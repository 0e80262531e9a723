"""The library of measures and the list of units: what is shipped, and what a mistake is answered
with.
"""

import csv
from pathlib import Path

import pytest
import yaml

from toankhoa.core.basics import Frequency
from toankhoa.core.measures import TimeRule
from toankhoa.core.organisation import Tree
from toankhoa.library import LibraryError, load_library, load_units

SHARED = Path(__file__).resolve().parents[1].parent / "shared"

SOUND = """
vocabulary:
  boards: {KT: [Ban KT], VP: [Văn phòng]}
  board_names: {KT: Ban Kinh tế, VP: Văn phòng}
  levels: {province: [tỉnh], base: [cơ sở]}
  level_names: {province: Tỉnh, base: Cơ sở}
elements:
  members: {slot: 0, name: Hội viên, name_en: Members, unit: người, time: stock}
  savers: {slot: 1, name: Người tiết kiệm, name_en: Savers, unit: người, time: stock, of: members}
  done: {slot: 2, name: Đã xong, name_en: Done, unit: cơ sở, time: stock, yes_no: true}
  many: {slot: 3, name: Có nhiều, name_en: Many, unit: cơ sở, time: stock, derived: {element: members, at_least: 9}}
forms:
  M:
    {name: Tháng, level: base, frequency: month, sections: [{title: Người, elements: [members, savers]}]}
  Y:
    {name: Năm, level: base, frequency: year, sections: [{title: Việc, elements: [done]}]}
indicators:
  A: {name: Tiết kiệm, name_en: Saving, kind: ratio, numerator: savers, denominator: members, slots: [4, 5],
      levels: [base], matches: [[tiết kiệm]]}
  B: {name: Xong, name_en: Finished, kind: ratio, numerator: done, denominator: "units:base", levels: [base],
      matches: [[xong]]}
"""


def load(tmp_path, edit=lambda _: None):
    """The sound library after an edit."""
    content = yaml.safe_load(SOUND)
    edit(content)
    path = tmp_path / "library.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_library(path)


def put(*path_and_value):
    """An edit that sets one value."""
    *path, last, value = path_and_value

    def edit(content):
        for step in path:
            content = content[step]
        content[last] = value

    return edit


def drop(*path):
    """An edit that takes one value out."""
    *path, last = path

    def edit(content):
        for step in path:
            content = content[step]
        del content[last]

    return edit


def test_a_sound_library_becomes_records(tmp_path):
    library = load(tmp_path)
    assert library.width == 6
    assert library.indicators["A"].slots == (4, 5)
    assert library.elements["many"].derived.at_least == 9
    assert library.indicators["A"].matches == (("tiet kiem",),)
    assert library.indicators["B"].unit_level == "base"
    assert library.collected_by("savers", "base") is library.forms["M"]


MISTAKES = [
    (put("elements", "savers", "slot", 0), "library-slot-twice", "elements.savers.slot"),
    (put("elements", "savers", "slot", 5), "library-slot-twice", "indicators.A.slots"),
    (drop("indicators", "A", "slots"), "library-ratio-slots", "indicators.A.slots"),
    (put("indicators", "B", "slots", [6, 7]), "library-ratio-slots", "indicators.B.slots"),
    (put("elements", "savers", "name", "hội VIÊN"), "library-name-twice", "elements.savers.name"),
    (put("elements", "savers", "of", "nobody"), "library-unknown-element", "elements.savers.of"),
    (put("elements", "members", "of", "savers"), "library-circle", "elements.members.of"),
    (
        put("elements", "many", "derived", "element", "x"),
        "library-unknown-element",
        "elements.many.derived.element",
    ),
    (
        put("forms", "Y", "sections", 0, "elements", ["done", "x"]),
        "library-unknown-element",
        "forms.Y.sections",
    ),
    (
        put("forms", "Y", "sections", 0, "elements", ["done", "many"]),
        "library-derived-typed",
        "forms.Y.sections",
    ),
    (
        put("forms", "Y", "sections", 0, "elements", ["done", "savers"]),
        "library-element-twice",
        "forms.Y.sections",
    ),
    (put("forms", "Y", "frequency", "month"), "library-form-twice", "forms.Y"),
    (
        put("forms", "M", "sections", 0, "elements", ["members"]),
        "library-not-collected",
        "elements.savers",
    ),
    (put("forms", "Y", "level", "moon"), "library-unknown-level", "forms.Y.level"),
    (
        put("indicators", "B", "denominator", "units:moon"),
        "library-unknown-level",
        "indicators.B.denominator",
    ),
    (
        drop("vocabulary", "level_names", "base"),
        "library-level-name",
        "vocabulary.level_names.base",
    ),
    (
        put("vocabulary", "boards", "VP", ["ban kt"]),
        "library-board-word-twice",
        "vocabulary.boards.VP",
    ),
    (drop("vocabulary", "board_names", "VP"), "library-board-name", "vocabulary.board_names.VP"),
    (put("indicators", "A", "numerator", "x"), "library-unknown-element", "indicators.A.numerator"),
    (
        put("indicators", "A", "denominator", "x"),
        "library-unknown-element",
        "indicators.A.denominator",
    ),
    (drop("indicators", "A", "denominator"), "library-denominator", "indicators.A.denominator"),
    (put("indicators", "A", "kind", "count"), "library-denominator", "indicators.A.denominator"),
    (put("indicators", "A", "kind", "milestone"), "library-milestone", "indicators.A.numerator"),
    (put("indicators", "A", "levels", ["province"]), "library-part-missing", "indicators.A.levels"),
    (put("indicators", "A", "matches", [[" "]]), "library-empty-phrase", "indicators.A.matches"),
    (put("indicators", "A", "name", "…"), "library-empty-name", "indicators.A.name"),
    (put("elements", "savers", "colour", "red"), "library-schema", "elements.savers.colour"),
    (put("elements", "savers", "slot", "1"), "library-schema", "elements.savers.slot"),
    (put("elements", "savers", "time", "sometimes"), "library-schema", "elements.savers.time"),
    (drop("elements", "savers", "unit"), "library-schema", "elements.savers.unit"),
    (drop("forms"), "library-schema", "forms"),
    (put("include", ["nowhere.yaml"]), "library-not-readable", "nowhere.yaml"),
]


@pytest.mark.parametrize(
    ("edit", "code", "where"), MISTAKES, ids=[f"{c}@{w}" for _, c, w in MISTAKES]
)
def test_a_mistake_is_named_with_its_place(tmp_path, edit, code, where):
    with pytest.raises(LibraryError) as caught:
        load(tmp_path, edit)
    found = [problem for problem in caught.value.problems if problem.code == code]
    assert [problem for problem in found if problem.message.startswith(f"{where}: ")], (
        caught.value.problems
    )


def test_all_mistakes_are_told_at_once(tmp_path):
    def edit(content):
        content["elements"]["savers"]["slot"] = 0
        content["indicators"]["A"]["numerator"] = "x"
        content["forms"]["Y"]["level"] = "moon"

    with pytest.raises(LibraryError) as caught:
        load(tmp_path, edit)
    codes = {problem.code for problem in caught.value.problems}
    assert {"library-slot-twice", "library-unknown-element", "library-unknown-level"} <= codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: {b: 1, b: 2}", "library-name-twice"),
        ("a: [", "library-not-yaml"),
        ("just words", "library-not-yaml"),
    ],
)
def test_yaml_that_cannot_be_meant(tmp_path, text, code):
    path = tmp_path / "library.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        load_library(path)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_section_stands_in_one_file(tmp_path):
    (tmp_path / "more.yaml").write_text("forms: {}", encoding="utf-8")
    with pytest.raises(LibraryError, match=r"more\.yaml"):
        load(tmp_path, put("include", ["more.yaml"]))


# What is shipped


@pytest.fixture(scope="module")
def shipped():
    return load_library()


def test_every_indicator_of_the_catalogue_is_there(shipped):
    catalogue = SHARED / "data" / "indicators.csv"
    if not catalogue.exists():
        pytest.skip("../shared is not here: the catalogue of indicators cannot be compared")
    with catalogue.open(encoding="utf-8") as file:
        assert list(shipped.indicators) == [row["code"] for row in csv.DictReader(file)]


def test_the_shipped_library_is_small_enough(shipped):
    """The shipped library is of a size an office can carry."""
    assert len(shipped.elements) <= 80
    assert [element.slot for element in shipped.elements.values()] == list(
        range(len(shipped.elements))
    )


def test_every_month_moves_an_indicator(shipped):
    """A base owes something every month that moves an indicator."""
    monthly = [
        f for f in shipped.forms.values() if (f.level, f.frequency) == ("base", Frequency.MONTH)
    ]
    assert len(monthly) == 1
    measured = {item.numerator for item in shipped.indicators.values()}
    assert measured & set(monthly[0].elements)


def test_open_questions_ship_with_an_answer_shown(shipped):
    asked = {code for code, item in shipped.indicators.items() if item.choice}
    assert asked == {"CT02.1b", "CT02.3", "CT04.1b", "CT10.b", "CT13.b", "CT13.c", "CT14.3"}
    assert shipped.indicators["CT02.1b"].denominator == "hv_dang_ky_thi_dua"
    assert shipped.indicators["CT04.1b"].denominator == "ho_ngheo_duoc_giup"
    assert (
        shipped.indicators["CT02.3"].denominator
        == shipped.indicators["CT14.3"].denominator
        == "hoi_vien"
    )
    assert (
        shipped.indicators["CT13.b"].levels == shipped.indicators["CT13.c"].levels == ("province",)
    )


def test_persons_counted_once_say_so(shipped):
    """Persons counted once say so to the officer."""
    persons = [
        element for element in shipped.elements.values() if element.time is TimeRule.DISTINCT
    ]
    assert persons
    assert [
        e.code
        for e in persons
        if "một lần" not in e.hint and "cuối năm" not in e.hint and "Lũy kế" not in e.hint
    ] == []


def test_every_element_helps_the_officer(shipped):
    assert [element.code for element in shipped.elements.values() if len(element.hint) < 15] == []


# Units


def test_the_shipped_units_are_those_of_2017():
    tree = Tree(load_units())
    assert tree.roots == ("75",)
    assert (tree.count("district", "75"), tree.count("base", "75")) == (11, 171)
    assert tree.units["25993"].name == "Phường Trảng Dài"


def test_units_agree_with_their_lists():
    """Units agree with the lists they were taken from."""
    listed = SHARED / "data" / "dongnai_districts_2017.csv"
    if not listed.exists():
        pytest.skip("../shared is not here: the lists of units cannot be compared")
    tree = Tree(load_units())
    with listed.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert (tree.units[row["code"]].name, tree.count("base", row["code"])) == (
                row["name"],
                int(row["communes"]),
            )
    with (SHARED / "data" / "dongnai_communes_2017-08-18.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            unit = tree.units[row["code"]]
            assert (unit.name, unit.kind, unit.parent) == (
                row["name"],
                row["kind"],
                row["district_code"],
            )


HEAD = "code,name,kind,level,parent,start,end\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("code,name\n1,A\n", "library-units-columns"),
        (HEAD + "1,A,Tỉnh,province,,2010-01-01,\n2,,Xã,base,1,2010-01-01,\n", "library-unit-blank"),
        (HEAD + "1,A,Tỉnh,province,9,2010-01-01,\n", "library-unit-parent"),
        (HEAD + "1,A,Tỉnh,province,,1/1/2010,\n", "library-unit-date"),
    ],
)
def test_a_mistake_in_the_units_is_named(tmp_path, text, code):
    path = tmp_path / "units.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        load_units(path)
    assert [problem.code for problem in caught.value.problems] == [code]
