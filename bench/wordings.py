"""What plans say, each wording with what it means: the truth is written beside the words, never
read from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Applies, Basis, Commitment, CommitmentKind, Comparator, Target

SMALL = range(2, 19)
LARGE = (25, 60, 120, 342, 513, 950, 1250, 2000, 3480, 12500, 120000)
RATES = tuple(map(Decimal, ("35", "50", "62.5", "70", "80", "88.3", "90", "95", "100")))
PLACES = ("Tân Phú", "Cẩm Mỹ", "Định Quán", "Vĩnh Cửu", "Xuân Lộc")
MARKS = ("x", "x", "x", "X", "✓", "Thường xuyên", "Hằng quý", "Hàng năm")
MILESTONES = (
    "Ra mắt, chạy thử",
    "Hoàn thành tốt nhiệm vụ trở lên",
    "Xây dựng đề án",
    "Quý I/{year}",
    "6/{year}",
    "Sơ kết",
)
RANKS = (
    ("{}", Comparator.EXACTLY),
    ("{}", Comparator.EXACTLY),
    ("đạt {}", Comparator.EXACTLY),
    ("≥ {}", Comparator.AT_LEAST),
    (">={}", Comparator.AT_LEAST),
    ("Ít nhất {}", Comparator.AT_LEAST),
    ("tối thiểu {}", Comparator.AT_LEAST),
    ("Không dưới {}", Comparator.AT_LEAST),
    ("Từ {} trở lên", Comparator.AT_LEAST),
    ("> {}", Comparator.ABOVE),
    (">{}", Comparator.ABOVE),
    ("Trên {}", Comparator.ABOVE),
    ("dưới {}", Comparator.BELOW),
    ("< {}", Comparator.BELOW),
    ("Không quá {}", Comparator.AT_MOST),
    ("≤ {}", Comparator.AT_MOST),
    ("Khoảng {}", Comparator.ABOUT),
    ("Duy trì {}", Comparator.KEEP),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Whose plan it is: its names, its words, and what it speaks of."""

    name: str
    body: str
    sign: str
    post: str
    vocabulary: Vocabulary
    people: tuple[str, ...]  # populations of rates
    counted: tuple[str, ...]  # one noun each: units
    done: tuple[str, ...]  # what is to become of a population
    tasks: tuple[str, ...]
    fields: tuple[str, ...]
    level_words: tuple[tuple[str, tuple[str, ...]], ...] = field(
        default=(
            ("Cấp tỉnh", ("province",)),
            ("Tỉnh", ("province",)),
            ("Tỉnh, huyện", ("province", "district")),
            ("Cấp tỉnh và huyện", ("province", "district")),
            ("Huyện và cơ sở", ("district", "base")),
            ("Cơ sở", ("base",)),
            ("Các cấp", ("province", "district", "base")),
            ("Tỉnh, huyện và cơ sở", ("province", "district", "base")),
        )
    )


def number(amount: Decimal | int, *, grouped: bool = True) -> str:
    """A number as Vietnamese documents write it: 1.234,5; not `grouped`, 1234,5."""
    whole, _, tail = f"{amount:,}".partition(".")
    return whole.replace(",", "." if grouped else "") + (f",{tail}" if tail else "")


Wording = Callable[[Random, str, int], tuple[str, Target]]  # of a unit and a year


def _ranked(random: Random, unit: str, year: int) -> tuple[str, Target]:
    """A level under a comparator: "Ít nhất 342 hộ", "≥ 88,3%"; without a unit the bare number."""
    words, comparator = random.choice(RANKS)
    rate = unit == "%"
    amount = random.choice(RATES) if rate else Decimal(random.choice((*SMALL, *LARGE)))
    said = number(amount, grouped=amount < 1000 or random.random() < 0.7) + (
        "%" if rate else f" {unit}".rstrip()
    )
    basis = Basis.RATE if rate else Basis.WHOLE
    return words.format(said), _in(year, comparator, amount, unit, basis=basis)


def _between(random: Random, unit: str, year: int) -> tuple[str, Target]:
    low = Decimal(random.choice(SMALL))
    high = low + random.choice((1, 2, 5))
    text = random.choice(("{}-{}", "từ {} - {}", "{} đến {}")).format(low, high) + (
        "%" if unit == "%" else f" {unit}".rstrip()
    )
    basis = Basis.RATE if unit == "%" else Basis.WHOLE
    return text, _in(year, Comparator.RANGE, low, unit, upper=high, basis=basis)


def _for_each(random: Random, unit: str, year: int) -> tuple[str, Target]:
    """So many in each district or base: "2 lớp/huyện"."""
    amount = Decimal(random.choice(SMALL))
    word, level = random.choice((("huyện", "district"), ("cơ sở", "base")))
    target = _in(year, Comparator.EXACTLY, amount, unit, basis=Basis.PER_UNIT, level=level)
    return f"{amount} {unit}/{word}", target


def _change(random: Random, _: str, year: int) -> tuple[str, Target]:
    amount = Decimal(random.choice(SMALL))
    word, sign = random.choice((("tăng", 1), ("Tăng thêm", 1), ("giảm", -1)))
    return f"{word} {amount}%", _in(year, Comparator.CHANGE, sign * amount, "%", basis=Basis.CHANGE)


def _money(random: Random, _: str, year: int) -> tuple[str, Target]:
    amount = random.choice((Decimal("1.5"), Decimal("2.25"), Decimal(12), Decimal(500)))
    unit = random.choice(("tỷ đồng", "triệu đồng"))
    return f"{number(amount)} {unit}", _in(year, Comparator.EXACTLY, amount, unit)


def _in(year: int, comparator: Comparator, amount: Decimal, unit: str, **rest: object) -> Target:
    said = {"applies": Applies.IN_YEAR, "years": (year,), **rest}
    return Target(comparator=comparator, amount=amount, unit=unit, **said)  # type: ignore[arg-type]


def level(random: Random, unit: str, year: int, *, unit_apart: bool) -> Commitment:
    """A year cell with a level to reach; with `unit_apart` the unit stands in a column of its own,
    not in the cell.
    """
    if unit_apart:
        text, target = random.choice((_ranked, _ranked, _between))(random, "", year)
        basis = Basis.RATE if unit == "%" else target.basis
        said = {name: getattr(target, name) for name in Target.__dataclass_fields__} | {
            "unit": unit,
            "basis": basis,
        }
        return Commitment(text=text, kind=CommitmentKind.TARGET, targets=(Target(**said),))
    counted: tuple[Wording, ...] = (_change,) if unit == "%" else (_for_each, _money)
    text, target = random.choice((_ranked, _ranked, _ranked, _between, *counted))(
        random, unit, year
    )
    places: tuple[str, ...] = ()
    if random.random() < 0.1:
        places = tuple(random.sample(PLACES, 2))
        text += f" ({', '.join(places)})"
    return Commitment(text=text, kind=CommitmentKind.TARGET, targets=(target,), places=places)


def mark(text: str) -> Commitment:
    """A year cell that only says that the row is worked on."""
    return Commitment(text=text, kind=CommitmentKind.SCHEDULED)


def milestone(random: Random, year: int) -> Commitment:
    """A year cell of words."""
    return Commitment(
        text=random.choice(MILESTONES).format(year=year), kind=CommitmentKind.MILESTONE
    )


BLANK = Commitment(text="", kind=CommitmentKind.NONE)


# Titles: the words of a row or heading, and the targets they say


Said = tuple[str, tuple[Target, ...]]


def title(random: Random, about: Organisation, years: Sequence[int], *, timed: bool = True) -> Said:
    """The words of a row; about half of them state a target. Not `timed`, none but of each year."""
    forms = [_task, _task, _task, _share, _for_each_base]
    return random.choice([*forms, _by_the_end, _in_the_term, _falling] if timed else forms)(
        random, about, years
    )


def section(random: Random, about: Organisation) -> Said:
    """The words of a heading that stands under no other."""
    return f"{random.choice(about.tasks)} {random.choice(about.fields)}".upper(), ()


def _task(random: Random, about: Organisation, _: Sequence[int]) -> Said:
    return f"{random.choice(about.tasks)} {random.choice(about.fields)}", ()


def _share(random: Random, about: Organisation, _: Sequence[int]) -> Said:
    words, comparator = random.choice(
        [rank for rank in RANKS if rank[1] is not Comparator.KEEP and "đạt" not in rank[0]]
    )
    rate = random.choice(RATES)
    subject = f"{random.choice(about.people)} {random.choice(about.done)}"
    target = Target(comparator=comparator, amount=rate, unit="%", basis=Basis.RATE, subject=subject)
    return f"{words.format(number(rate) + '%')} {subject}", (target,)


def _for_each_base(random: Random, about: Organisation, _: Sequence[int]) -> Said:
    amount, unit, field_ = (
        Decimal(random.choice(SMALL)),
        random.choice(about.counted),
        random.choice(about.fields),
    )
    target = Target(
        comparator=Comparator.AT_LEAST,
        amount=amount,
        unit=unit,
        basis=Basis.PER_UNIT,
        level="base",
        subject=f"tổ chức {unit} {field_}",
    )
    return f"Mỗi cơ sở tổ chức ít nhất {amount} {unit} {field_}", (target,)


def _by_the_end(random: Random, about: Organisation, _: Sequence[int]) -> Said:
    rate, subject = (
        random.choice(RATES),
        f"tỷ lệ {random.choice(about.people)} {random.choice(about.done)}",
    )
    target = Target(
        comparator=Comparator.EXACTLY,
        amount=rate,
        unit="%",
        basis=Basis.RATE,
        subject=subject,
        applies=Applies.BY_TERM_END,
    )
    return f"Đến cuối nhiệm kỳ, {subject} đạt {number(rate)}%", (target,)


def _in_the_term(random: Random, about: Organisation, _: Sequence[int]) -> Said:
    amount, unit, field_ = (
        Decimal(random.choice(SMALL)),
        random.choice(about.counted),
        random.choice(about.fields),
    )
    target = Target(
        comparator=Comparator.EXACTLY,
        amount=amount,
        unit=unit,
        subject=f"tổ chức {unit} {field_}",
        applies=Applies.TERM_TOTAL,
    )
    return f"Trong nhiệm kỳ tổ chức {amount} {unit} {field_}", (target,)


def _falling(random: Random, about: Organisation, years: Sequence[int]) -> Said:
    rate, subject = (
        Decimal(random.choice(SMALL)),
        f"tỷ lệ {random.choice(about.people)} chưa {random.choice(about.done)}",
    )
    target = Target(
        comparator=Comparator.BELOW,
        amount=rate,
        unit="%",
        basis=Basis.RATE,
        subject=subject,
        applies=Applies.IN_YEAR,
        years=(years[-1],),
    )
    return f"Giảm {subject} xuống dưới {rate}% vào năm {years[-1]}", (target,)
