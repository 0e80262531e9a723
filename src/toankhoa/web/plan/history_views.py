"""The history of one row across the versions of its plan, on screen and as a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render

from toankhoa.core.review import AmendmentStep, row_history
from toankhoa.documents.writing.write_history import Moment, write_history
from toankhoa.operations.living_plan import living_plan
from toankhoa.plan.versions import Published, history
from toankhoa.web.amendments.views import Side, headings, sides
from toankhoa.web.plan.views import FILES
from toankhoa.web.shell.access import Request, member
from toankhoa.web.shell.files import file_answer, file_name
from toankhoa.web.shell.words import KINDS

UNCHANGED, ABSENT = "Giữ nguyên", "Chưa có hoặc không còn hàng này"


@dataclass(frozen=True)
class Chapter:
    """What one version did to the row."""

    version: Published
    step: AmendmentStep | None
    sides: tuple[Side, ...]

    @property
    def says(self) -> str:
        """In words: "Đổi ô của năm, Đổi ban"."""
        if self.step is None:
            return ABSENT
        kinds = [words for kind, words in KINDS.items() if kind in self.step.kinds]
        return ", ".join(kinds) or UNCHANGED


@member
def show(request: Request, row: str) -> HttpResponse:
    """Version by version, the newest first."""
    chapters = _chapters(request, row)
    last = next(chapter.step for chapter in reversed(chapters) if chapter.step)
    return render(request, "plan/history.html", {"chapters": chapters[::-1], "row": last.row})


@member
def download(request: Request, row: str) -> HttpResponse:
    """The same as a workbook, the oldest first."""
    moments = [_moment(chapter) for chapter in _chapters(request, row)]
    suffix, content_type = FILES["excel"]
    name = file_name("lịch sử", row, request.actor.place.name, suffix=suffix)
    return file_answer(write_history(moments), name=name, content_type=content_type)


def _moment(chapter: Chapter) -> Moment:
    return Moment(
        number=chapter.version.number,
        effective_on=chapter.version.effective_on,
        says=chapter.says,
        row=chapter.step.after if chapter.step else None,
    )


def _chapters(request: Request, row: str) -> list[Chapter]:
    living = living_plan(unit=request.actor.unit, by=request.actor)
    versions = history(living.version.root, request.as_of) if living else []
    steps = row_history([version.plan for version in versions], row)
    if not any(steps):
        raise Http404
    vocabulary = request.ledger.library.vocabulary
    titles: dict[str, str] = {}
    for version in versions:
        titles.update(headings(version.plan))
    chapters = []
    for version, step in zip(versions, steps, strict=True):
        changed = sides(step, vocabulary, titles) if step and step.before else []
        chapters.append(Chapter(version, step, tuple(changed)))
    return chapters
