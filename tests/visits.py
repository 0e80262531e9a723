"""People who visit pages: a small province with the shipped library, signed in by role, and a
published plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache

from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from worlds import PROVINCE, World

from toankhoa import documents
from toankhoa.core.basics import Problem
from toankhoa.core.compiling import compile_document
from toankhoa.core.plan import Plan
from toankhoa.core.returns import Role
from toankhoa.documents.writing.seed_document import seed_docx
from toankhoa.operations.measuring import library
from toankhoa.plan.drafts import keep_draft, publish

SIGNED = date(2017, 9, 29)


def province() -> World:
    """Two districts with three and two communes, measured by the shipped library."""
    world = World.of(PROVINCE)
    world.library = library()
    return world


def visitor(world: World, unit: str, role: Role = Role.OFFICER, board: str = "") -> Client:
    """A signed-in person in that role at that unit."""
    actor = world.person(unit, role)
    if board:
        actor.user.membership.board = board
        actor.user.membership.save()
    client = Client()
    client.handler = site()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@cache
def site() -> ClientHandler:
    """The site that all visitors visit: it looks for its static files once, not for each of them."""
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    return handler


@cache
def compiled() -> tuple[bytes, Plan, list[Problem]]:
    """The seed's plan and its Word file: reading it takes long, and it does not change."""
    source = seed_docx()
    plan, problems = compile_document(documents.read("plan.docx", source), library().vocabulary)
    return source, plan, list(problems)


def publish_plan(world: World) -> None:
    """The seed's plan, compiled from its Word file and in force."""
    by = world.person("p", Role.PLAN)
    source, plan, problems = compiled()
    draft = keep_draft(
        source_name="plan.docx", source=source, plan=plan, problems=problems, by=by, at=world.at
    )
    publish(
        version=draft,
        number=plan.number,
        signed_on=SIGNED,
        effective_on=SIGNED,
        by=by,
        at=world.at,
        library=world.library,
    )


@contextmanager
def queries() -> Iterator[CaptureQueriesContext]:
    """How many questions a block asks the database."""
    with CaptureQueriesContext(connection) as asked:
        yield asked
