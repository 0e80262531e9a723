"""A plan as one JSON object, and back: what `compile --json` prints and what a published version is
stored as.

plan_from(plan_json(plan)) is the plan, sources included. Amounts are JSON numbers (88,3% is 88.3),
keys of years strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from toankhoa.core.basics import Problem, Source
from toankhoa.core.plan.contracts import CONTRACT, KEY, contract_of, upcast_target
from toankhoa.core.plan.records import (
    Activity,
    Applies,
    Basis,
    Commitment,
    CommitmentKind,
    Comparator,
    Headers,
    Objective,
    Plan,
    Signature,
    Target,
)

Json = dict[str, Any]

_WORDS = ("organisation", "body", "number", "place", "motto", "title", "goal", "closing")


def plan_json(plan: Plan, problems: Iterable[Problem] = ()) -> Json:
    """The plan, and the problems met while it was read, as an object that `json.dumps` takes."""
    return {
        KEY: CONTRACT,
        **{name: getattr(plan, name) for name in _WORDS},
        "date": plan.date.isoformat() if plan.date else None,
        "bases": list(plan.bases),
        "years": list(plan.years),
        "headers": {
            **asdict(plan.headers),
            "columns": [list(column) for column in plan.headers.columns],
        },
        "objectives": [_objective(objective) for objective in plan.objectives],
        "activities": [_activity(activity) for activity in plan.activities],
        "signature": asdict(plan.signature),
        "recipients": list(plan.recipients),
        "sources": {name: _source(source) for name, source in plan.sources.items()},
        "problems": [problem_json(problem) for problem in problems],
    }


def problem_json(problem: Problem) -> Json:
    """One finding as an object."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "message": problem.message,
        "source": _source(problem.source),
        "fragment": problem.fragment,
    }


def _source(source: Source) -> Json:
    """File, table, row and cell are always there; a paragraph only outside tables."""
    place: Json = {
        "file": source.file,
        "table": source.table,
        "row": source.row,
        "cell": source.cell,
    }
    return place if source.paragraph is None else {**place, "paragraph": source.paragraph}


def _objective(objective: Objective) -> Json:
    return {
        "code": objective.code,
        "number": objective.number,
        "title": objective.title,
        "parent": objective.parent,
        "boards": list(objective.boards),
        "boards_text": objective.boards_text,
        "targets": [target_json(target) for target in objective.targets],
        "source": _source(objective.source),
    }


def _activity(activity: Activity) -> Json:
    return {
        "code": activity.code,
        "number": activity.number,
        "title": activity.title,
        "objective": activity.objective,
        "levels": list(activity.levels),
        "levels_text": activity.levels_text,
        "boards": list(activity.boards),
        "boards_text": activity.boards_text,
        "supporting": list(activity.supporting),
        "targets": [target_json(target) for target in activity.targets],
        "commitments": {
            str(year): _commitment(commitment) for year, commitment in activity.commitments.items()
        },
        "details": dict(activity.details),
        "source": _source(activity.source),
    }


def _commitment(commitment: Commitment) -> Json:
    return {
        "text": commitment.text,
        "kind": commitment.kind.value,
        "targets": [target_json(target) for target in commitment.targets],
        "places": list(commitment.places),
        **({"operating": True} if commitment.operating else {}),
        "source": _source(commitment.source),
    }


def target_json(target: Target) -> Json:
    """One target as JSON; `target_from` reads it back."""
    return {
        "comparator": target.comparator.value,
        "amount": _number(target.amount),
        "upper": None if target.upper is None else _number(target.upper),
        "unit": target.unit,
        "basis": target.basis.value,
        "level": target.level,
        "subject": target.subject,
        "applies": target.applies.value,
        "years": list(target.years),
    }


def _number(amount: Decimal) -> int | float:
    """An amount of a plan has few digits, so that a float's shortest writing is the amount
    again.
    """
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def plan_from(data: Mapping[str, Any]) -> Plan:
    """The plan in an object that `plan_json` made, now or under an older contract.

    Problems are not part of it. Raises KeyError, TypeError or ValueError where it is no such plan.
    """
    contract = contract_of(data)
    return Plan(
        **{name: data[name] for name in _WORDS},
        date=date.fromisoformat(data["date"]) if data["date"] else None,
        bases=tuple(data["bases"]),
        years=tuple(data["years"]),
        headers=_headers_from(data["headers"]),
        objectives=tuple(_objective_from(row, contract) for row in data["objectives"]),
        activities=tuple(_activity_from(row, contract) for row in data["activities"]),
        signature=Signature(**data["signature"]),
        recipients=tuple(data["recipients"]),
        sources={name: _source_from(source) for name, source in data["sources"].items()},
    )


def _headers_from(data: Mapping[str, Any]) -> Headers:
    return Headers(
        **dict(data)
        | {"columns": tuple((meaning, words) for meaning, words in data.get("columns", ()))}
    )


def _source_from(data: Mapping[str, Any]) -> Source:
    return Source(**data)


def _objective_from(data: Mapping[str, Any], contract: int) -> Objective:
    return Objective(
        **dict(data)
        | {
            "boards": tuple(data["boards"]),
            "targets": targets_from(data["targets"], contract),
            "source": _source_from(data["source"]),
        }
    )


def _activity_from(data: Mapping[str, Any], contract: int) -> Activity:
    commitments = {
        int(year): _commitment_from(cell, contract) for year, cell in data["commitments"].items()
    }
    return Activity(
        **dict(data)
        | {
            "levels": tuple(data["levels"]),
            "boards": tuple(data["boards"]),
            # Plans stored before supporting boards were read have none.
            "supporting": tuple(data.get("supporting", ())),
            "targets": targets_from(data["targets"], contract),
            "commitments": commitments,
            "source": _source_from(data["source"]),
        }
    )


def _commitment_from(data: Mapping[str, Any], contract: int) -> Commitment:
    return Commitment(
        text=data["text"],
        kind=CommitmentKind(data["kind"]),
        targets=targets_from(data["targets"], contract),
        places=tuple(data["places"]),
        source=_source_from(data["source"]),
    )


def targets_from(written: Iterable[Mapping[str, Any]], contract: int) -> tuple[Target, ...]:
    """The targets of an object that was written under a contract."""
    return tuple(target_from(data, contract) for data in written)


def target_from(data: Mapping[str, Any], contract: int = CONTRACT) -> Target:
    """The target that `target_json` wrote, under this contract or an older one."""
    data = upcast_target(data, contract)
    return Target(
        comparator=Comparator(data["comparator"]),
        amount=Decimal(str(data["amount"])),
        upper=None if data["upper"] is None else Decimal(str(data["upper"])),
        unit=data["unit"],
        basis=Basis(data["basis"]),
        level=data["level"],
        subject=data["subject"],
        applies=Applies(data["applies"]),
        years=tuple(data["years"]),
    )
