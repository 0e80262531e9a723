"""The command line speaks Vietnamese, also about what is wrong, and counts rows as screens do."""

import re
from pathlib import Path

import pytest

from toankhoa.cli import main

PLAN = """| STT | Nội dung | 2017 | 2018 | Cấp thực hiện | Ban thực hiện |
|---|---|---|---|---|---|
| I | Chỉ tiêu |  |  |  |  |
| 1 | Mở lớp học nghề | 2 lớp | ba bốn gì đó % | Cơ sở | Ban lạ |
"""


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command says where it cannot do what was asked."""
    try:
        code = main(arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    assert code == 2
    return capsys.readouterr().err


def test_missing_file_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """A file that is not there is named, and so is a folder in its place."""
    missing = str(tmp_path / "không có.docx")
    assert (
        said(capsys, "compile", missing)
        == f"toankhoa: Không có tệp {missing}. Hãy kiểm tra lại tên và thư mục.\n"
    )
    assert "là thư mục" in said(capsys, "check", str(tmp_path))


def test_missing_or_wrong_library_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """A library that is not there, or cannot be used, is named."""
    plan, library = tmp_path / "plan.md", tmp_path / "library.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    assert "Không có tệp" in said(capsys, "compile", str(plan), "--library", str(library))
    library.write_text("elements: 3", encoding="utf-8")
    assert "Không dùng được bộ chỉ số" in said(
        capsys, "compile", str(plan), "--library", str(library)
    )


ENGLISH = re.compile(
    r"usage|error|required|invalid|choose|unrecognized|expected|argument", re.IGNORECASE
)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "còn thiếu LỆNH"),
        (["fly"], "hãy chọn trong"),
        (["compile"], "còn thiếu TỆP"),
        (["compile", "a", "b"], "không hiểu b"),
        (["serve", "--port", "nhà"], "'nhà' không phải giá trị đúng"),
        (["serve", "--port"], "cần một giá trị đi kèm"),
        (["demo", "--size", "vast"], "hãy chọn trong"),
        (["compile", "a", "--json=1"], "không nhận giá trị '1'"),
    ],
)
def test_a_wrong_command_is_answered_in_vietnamese(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
):
    answer = said(capsys, *arguments)
    assert answer.startswith("Cách dùng: toankhoa")
    assert words in answer
    assert not ENGLISH.search(answer)


@pytest.mark.parametrize("command", [[], ["compile"], ["serve"], ["report"]])
def test_help_is_in_vietnamese(capsys: pytest.CaptureFixture[str], command: list[str]):
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    help_text = capsys.readouterr().out
    assert "Cách dùng: toankhoa" in help_text
    assert "in hướng dẫn này" in help_text
    assert not re.search(r"usage|options|positional|show this|arguments", help_text)


def test_rows_are_counted_from_one(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    plan = tmp_path / "plan.md"
    plan.write_text(PLAN, encoding="utf-8")
    assert main(["compile", str(plan)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "Ban lạ" in line]
    assert re.search(r"\(bảng 1, dòng 3, ô 6\)", line), line


@pytest.mark.parametrize(
    ("date", "years", "units"),
    [("", (2017, 2018), 171), ("", (2024, 2025), 170), ("2017", (2024, 2025), 171)],
    ids=["first year", "years after a merger", "dated before it"],
)
def test_units_of_the_plans_day_count(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    date: str,
    years: tuple[int, int],
    units: int,
):
    """The date decides, else the first day of the first year; the page of a draft says the same."""
    place = f"Đồng Nai, ngày 29 tháng 9 năm {date}" if date else "tỉnh Đồng Nai"
    plan = tmp_path / "plan.md"
    plan.write_text(
        f"""KẾ HOẠCH

Toàn khóa của Hội LHPN tỉnh Đồng Nai

{place}

| STT | Nội dung | {years[0]} | {years[1]} | Cấp thực hiện | Ban thực hiện |
|---|---|---|---|---|---|
| I | Chỉ tiêu |  |  |  | Ban KT |
| 1 | Mỗi cơ sở giúp ít nhất 2 hộ | 300 hộ | 300 hộ | Cơ sở |  |
""",
        encoding="utf-8",
    )
    main(["check", str(plan)])
    printed = capsys.readouterr().out
    assert f"2 mỗi đơn vị × {units} đơn vị = {2 * units}, nhưng kế hoạch ghi 300" in printed
