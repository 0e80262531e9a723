"""The house rules that no linter knows: what the core may touch, names, locks, and who knows whose
union.
"""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from toankhoa.core.measures import UNITS
from toankhoa.library import load_library

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "toankhoa"
CORE = sorted((SRC / "core").rglob("*.py"))
MODULES = sorted(path for path in SRC.rglob("*.py") if "migrations" not in path.parts)

COUNTED = (".py", ".lark", ".html", ".css", ".js")


def name(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


# The core is pure


ALLOWED = sys.stdlib_module_names | {"numpy", "lark", "toankhoa"}
# Clock, randomness, files, network, processes, environment: what would make an answer depend on
# more than its input.
IMPURE = {
    *(
        "time",
        "random",
        "secrets",
        "uuid",
        "locale",
        "platform",
        "signal",
        "getpass",
        "sys",
        "os",
        "io",
    ),
    *("pathlib", "shutil", "tempfile", "glob", "sqlite3", "logging", "builtins", "importlib"),
    *("socket", "ssl", "urllib", "http", "subprocess", "threading", "multiprocessing", "asyncio"),
}
IMPURE_CALLS = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint"}
IMPURE_METHODS = {
    "now",
    "utcnow",
    "today",
    "read_text",
    "write_text",
    "read_bytes",
    "write_bytes",
    "default_rng",
}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield node.module or ""


def impurities(tree: ast.AST) -> Iterator[str]:
    """What a module of the core may not do."""
    for module in imported(tree):
        top = module.partition(".")[0]
        if top not in ALLOWED or top in IMPURE or module.startswith("numpy.random"):
            yield f"imports {module}"
        if top == "toankhoa" and not module.startswith("toankhoa.core"):
            yield f"imports {module}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in IMPURE_CALLS:
                yield f"calls {called.id}()"
            if isinstance(called, ast.Attribute) and called.attr in IMPURE_METHODS:
                yield f"calls .{called.attr}()"


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_is_pure(path):
    assert list(impurities(parse(path))) == []


FOREIGN = [
    "import os",
    "import django.db",
    "from time import time",
    "import toankhoa.plan",
    "import numpy.random",
]
FOREIGN += ["open('x')", "date.today()", "datetime.now()", "np.random.default_rng()", "print(1)"]


@pytest.mark.parametrize("code", FOREIGN)
def test_the_purity_test_sees(code):
    assert list(impurities(ast.parse(code)))


# Unfolded


def public_names() -> Iterator[tuple[str, str]]:
    """(class, module) of every public class of ours."""
    for path in MODULES:
        for node in parse(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, name(path)


def test_a_class_name_means_one_class():
    """A row of the database and its record in the core may share one."""
    homes: dict[str, list[str]] = defaultdict(list)
    for class_name, module in public_names():
        homes[class_name].append(module)
    shared = {
        class_name: modules
        for class_name, modules in homes.items()
        if len([module for module in modules if not module.endswith("models.py")]) > 1
    }
    assert shared == {}


SAME_AT_TWO_FLOORS = {
    "__init__",
    *("models", "views", "forms", "words", "urls"),
    "reforms",  # the record, its row, the verbs
    "workflow",  # the table of moves, and the verbs that make them
    "plan_view",  # the record, and its words
    "forecast",  # likewise
}


def test_a_file_is_found_by_its_name():
    homes: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        homes[path.stem].append(name(path))
    assert {
        stem: files
        for stem, files in homes.items()
        if len(files) > 1 and stem not in SAME_AT_TWO_FLOORS
    } == {}


COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def folded(tree: ast.AST) -> Iterator[str]:
    """Comprehensions with several `for`, conditional expressions inside others."""
    for node in ast.walk(tree):
        if isinstance(node, COMPREHENSIONS) and len(node.generators) > 1:
            yield f"{node.lineno}: several for in one comprehension"
        if isinstance(node, ast.IfExp):
            inner = (part for part in ast.walk(node) if part is not node)
            if any(isinstance(part, ast.IfExp) for part in inner):
                yield f"{node.lineno}: a conditional inside a conditional"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_one_statement_says_one_thing(path):
    assert list(folded(parse(path))) == []


@pytest.mark.parametrize("code", ["[x for y in z for x in y]", "1 if a else 2 if b else 3"])
def test_the_test_of_folding_sees(code):
    assert list(folded(ast.parse(code)))


TEMPLATES = sorted(SRC.rglob("*.html"))


def test_templates_are_at_most_120_columns():
    wide = [
        f"{name(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 120
    ]
    assert wide == []


# Names and words


@pytest.mark.parametrize(
    "word", ["utils", "helpers", "common", "base", "manager", "managers", "misc"]
)
def test_no_module_is_named_after_nothing(word):
    assert [
        name(path) for path in MODULES if word in {path.stem, *path.relative_to(SRC).parts}
    ] == []


def test_only_the_seed_knows_the_union():
    union = re.compile(r"phụ nữ|lhpn|women", re.IGNORECASE)
    knowing = [
        name(path)
        for path in sorted(SRC.rglob("*"))
        if path.suffix in COUNTED
        and not {"seed", "vendor"} & set(path.parts)
        and union.search(path.read_text(encoding="utf-8"))
    ]
    assert knowing == []


LEVELS = [*load_library().vocabulary.levels, "commune"]
LEVEL_CODES = {*LEVELS, *(f"{UNITS}{level}" for level in LEVELS), *(f"per_{x}" for x in LEVELS)}
# demo: it loads the seed's own organisation, and `--size province` names the size of that.
KNOWS_LEVELS = {"seed", "demo"}


def level_codes(tree: ast.AST) -> Iterator[str]:
    """Codes of levels, and of what is counted or asked per unit of one, that a module writes out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in LEVEL_CODES:
            yield node.value


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_level_is_written_out(path):
    """A level is known by the code that the library gives it; which codes there are is the
    library's.

    `core/plan/contracts.py`, which upcasts what named two of them, takes the codes from the names.
    """
    if not KNOWS_LEVELS & set(path.relative_to(SRC).parts):
        assert list(level_codes(parse(path))) == []


@pytest.mark.parametrize("code", ["level == 'base'", "{'district': 1}", "'units:base'"])
def test_the_level_test_sees(code):
    assert list(level_codes(ast.parse(code)))


def problem_codes() -> Iterator[tuple[str, str]]:
    """(module, code) of every Problem made with its code written out."""
    for path in MODULES:
        for node in ast.walk(parse(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Problem"
                and node.args
            ):
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    yield name(path), code.value


def test_problem_codes_are_words_with_dashes():
    found = list(problem_codes())
    assert found, "no Problem is made anywhere: the search is broken"
    assert [
        (module, code)
        for module, code in found
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
    ] == []


# What is kept in the repository


def tracked() -> list[Path]:
    """Files of the repository that hold text."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone: the list of tracked files is not known")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / one for one in listed.split("\0") if one and (ROOT / one).is_file()]


def test_locks_pin_by_hash_and_hold_no_addresses():
    locks = [ROOT / "requirements.lock", *(ROOT / "tools").glob("requirements-*.lock")]
    assert len(locks) == 3
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.findall(
            r"^[\w.\-]+(?:\[[\w,]+\])?==[^\\]*\\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
            text,
            re.M,
        )
        assert len(pins) == len(re.findall(r"^\S", text, re.M)) > 0


def test_the_lock_of_the_page_scripts_pins_by_hash_and_says_no_registry():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert text.count('"integrity": "sha512-') == text.count('"node_modules/') > 0


def test_no_address_of_a_registry_and_no_path_of_a_machine():
    hosts = (
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry.npmjs" + ".org",
        "deb.debian" + ".org",
    )
    machine = re.compile(r"(?:^|[\s\"'(=`])/(?:root|work|home)/", re.MULTILINE)
    for file in tracked():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        assert [host for host in hosts if host in text] == [], file
        assert not machine.search(text), file


def test_no_code_of_others_is_kept():
    kept = [
        file.name
        for file in tracked()
        if file.suffix in {".woff", ".woff2", ".ttf"} or ".min." in file.name
    ]
    assert kept == []


def test_decisions_are_numbered_and_give_a_reason():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert decisions
    assert [path.name[:4] for path in decisions] == [
        f"{number:04}" for number in range(1, len(decisions) + 1)
    ]
    for path in decisions:
        heading, *paragraphs = path.read_text(encoding="utf-8").strip().split("\n\n")
        assert re.fullmatch(rf"# {path.name[:4]} \S.*", heading), path.name
        assert len(paragraphs) >= 2, path.name
