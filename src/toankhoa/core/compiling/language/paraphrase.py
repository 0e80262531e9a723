"""What was read, in plain Vietnamese: "ít nhất 80% hội viên, mỗi đơn vị như nhau, hằng năm".

A person holds such a sentence against the words of the plan; nothing that takes part in the
arithmetic is left unsaid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toankhoa.core.basics import format_number
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Applies, Basis, Commitment, CommitmentKind, Comparator, Target

_PERCENT = "%"
_BEFORE = {
    Comparator.AT_LEAST: "ít nhất ",
    Comparator.ABOVE: "trên ",
    Comparator.EXACTLY: "đạt ",
    Comparator.AT_MOST: "nhiều nhất ",
    Comparator.BELOW: "dưới ",
    Comparator.ABOUT: "khoảng ",
    Comparator.RANGE: "từ ",
    Comparator.KEEP: "giữ mức ",
}
_WHOSE = {
    Basis.WHOLE: "cộng chung tất cả đơn vị",
    Basis.RATE: "mỗi đơn vị như nhau",
    Basis.CHANGE: "so với năm trước",
}
_WHEN = {
    Applies.EACH_YEAR: "hằng năm",
    Applies.IN_YEAR: "trong năm",
    Applies.BY_TERM_END: "đến cuối nhiệm kỳ",
    Applies.TERM_TOTAL: "cộng cả nhiệm kỳ",
}
_KINDS = {
    CommitmentKind.NONE: "Năm này không đặt ra.",
    CommitmentKind.SCHEDULED: "Có thực hiện trong năm; không đặt chỉ tiêu bằng số.",
    CommitmentKind.MILESTONE: "Việc phải xong trong năm; không có chỉ tiêu bằng số.",
}


def say_target(target: Target, vocabulary: Vocabulary) -> str:
    """One target as a phrase without a capital or a full stop; `vocabulary` names its level."""
    subject = f" {target.subject}" if target.subject else ""
    return ", ".join((f"{_amount(target)}{subject}", _whose(target, vocabulary), _when(target)))


def _whose(target: Target, vocabulary: Vocabulary) -> str:
    """`mỗi chi nhánh`, `mỗi đơn vị như nhau`: whom the amount is meant for."""
    if target.level is not None:
        return f"mỗi {vocabulary.level_name(target.level)}"
    return _WHOSE[target.basis]


def _amount(target: Target) -> str:
    if target.comparator is Comparator.KEEP and not target.amount:
        return "giữ như năm trước"
    if target.comparator is Comparator.CHANGE:
        return ("giảm " if target.amount < 0 else "tăng ") + _written(target)
    return _BEFORE[target.comparator] + _written(target)


def _written(target: Target) -> str:
    gap = "" if not target.unit or target.unit.startswith(_PERCENT) else " "
    unit = f"{gap}{target.unit}"
    upper = "" if target.upper is None else f" đến {format_number(target.upper)}"
    return f"{format_number(abs(target.amount))}{upper}{unit}"


def _when(target: Target) -> str:
    years = ", ".join(map(str, target.years))
    if target.applies is Applies.IN_YEAR and years:
        return f"trong năm {years}"
    return _WHEN[target.applies] + (f" ({years})" if years else "")


def say_targets(targets: Sequence[Target], vocabulary: Vocabulary) -> str:
    """What the words of a title or heading ask for, as sentences; what it means that they ask for
    nothing.
    """
    if not targets:
        return "Không có chỉ tiêu bằng số trong lời."
    return " ".join(f"{_capital(say_target(target, vocabulary))}." for target in targets)


def say_commitment(commitment: Commitment, vocabulary: Vocabulary) -> str:
    """A year cell in one or more sentences."""
    sentence = _KINDS.get(commitment.kind) or say_targets(commitment.targets, vocabulary)
    if commitment.operating:
        sentence = "Giữ cho hoạt động trong năm; không có chỉ tiêu bằng số."
    places = f" Tại: {', '.join(commitment.places)}." if commitment.places else ""
    return sentence + places


def say_codes(codes: Sequence[str], names: Mapping[str, str], *, nobody: str) -> str:
    """Levels or boards by their names; `nobody` where there are none."""
    return f"{_capital(', '.join(names.get(code, code) for code in codes))}." if codes else nobody


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
