"""Commands that work on an installation: its database and its server."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toankhoa.settings")
django.setup()

# Django's parts can be imported only after its set-up.
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from toankhoa.audit import clock  # noqa: E402
from toankhoa.cli.named_files import write_bytes  # noqa: E402
from toankhoa.core.basics import refuse  # noqa: E402
from toankhoa.demo.cast import PASSWORD, TODAY  # noqa: E402
from toankhoa.demo.logins import logins  # noqa: E402
from toankhoa.org.models import Unit  # noqa: E402

# A command imports what it needs when it runs: `serve` becomes the server, which reads the readers
# of documents itself.


def demo() -> int:
    """Fill an empty database; leave a filled one alone."""
    from toankhoa.demo.load import load

    _migrate()
    if Unit.objects.exists():
        print("Cơ sở dữ liệu đã có dữ liệu; giữ nguyên.")
        return 0
    load(progress=_bar)
    # Written last: it stands for a demo that is whole.
    mark = f"demo = true\ntoday = {TODAY.isoformat()}\n"
    (Path(settings.DATA) / "installation.toml").write_text(mark, encoding="utf-8")
    return 0


def serve(host: str, port: int) -> int:
    """Become the server. In the demo, say first who can sign in."""
    _free(host, port)
    _migrate()
    print(f"Toàn Khóa: http://{'localhost' if host == '127.0.0.1' else host}:{port}")
    if settings.DEMO:
        _say_who_can_sign_in()
    sys.stdout.flush()
    server = str(Path(sys.executable).with_name("granian"))
    # One process: jobs run in its threads. SQLite has one writer at a time, so more threads than
    # this only wait.
    strength = ["--workers", "1", "--blocking-threads", "8"]
    address = ["--host", host, "--port", str(port)]
    quiet = ["--no-access-log", "--log-level", "error"]
    application = ["--interface", "wsgi", "toankhoa.wsgi:application"]
    os.execv(server, [server, *address, *strength, *quiet, *application])


def _say_who_can_sign_in() -> None:
    today = clock.today()
    print(f"Dữ liệu mẫu (tổng hợp nhân tạo); hôm nay là {today:%d/%m/%Y}. Mật khẩu: {PASSWORD}")
    for person in logins(today):
        print(f"  {person.username:<9} {person.label}")


def _migrate() -> None:
    # Checks would load every page, which the server is about to do itself.
    call_command("migrate", verbosity=0, skip_checks=True)


def _free(host: str, port: int) -> None:
    """Refused where another program listens already: the server itself would say so in English."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            raise refuse(
                "port-taken",
                f"Cổng {port} đang có chương trình khác dùng. "
                f"Hãy chọn cổng khác, ví dụ PORT={port + 1}.",
            ) from error


def report(unit: str | None, out: str, moment: str | None, *, of_term: bool = False) -> int:
    """The living plan of a unit as a file: as it is now, or as it was at a moment.

    Its years, or its whole term.
    """
    from toankhoa.operations import living_plan
    from toankhoa.web.looking_back.middleware import moment_of

    path = Path(out)
    if path.suffix not in living_plan.WRITERS:
        kinds = " hoặc ".join(living_plan.WRITERS)
        raise refuse("report-kind", f"Chỉ ghi được {kinds}, không phải “{path.suffix}”.")
    as_of = moment_of(moment) if moment else None
    paper = living_plan.paper(unit=unit, at=as_of or clock.now(), as_of=as_of)
    data = paper.written(path.suffix, of_term=of_term)
    write_bytes(path, data)
    print(f"Đã ghi {path} ({len(data)} byte)")
    return 0


def rebuild() -> int:
    """Derive every total anew."""
    from toankhoa.operations import totals_check

    rows = totals_check.rebuild(by=None, at=clock.now(), progress=_bar)
    print(f"Đã ghi {rows} dòng tổng hợp.")
    return 0


def audit() -> int:
    """1 where a total, the audit chain or an issued report is not what it should be."""
    from toankhoa.operations import totals_check
    from toankhoa.reporting.reading import issued_reports

    wrong, broken = totals_check.check(progress=_bar)
    altered = list(issued_reports.altered())
    for difference in wrong:
        print(f"Tổng hợp sai: {difference.key}")
    for entry in broken:
        print(f"Nhật ký đứt: {entry}")
    for report, part in altered:
        print(f"Báo cáo đã ban hành bị đổi: {report} của {report.unit.code} ({part})")
    if not (wrong or broken or altered):
        print("Khớp hoàn toàn.")
        return 0
    print(
        f"{len(wrong)} tổng hợp sai, {len(broken)} chỗ đứt, "
        f"{len(altered)} chỗ trong báo cáo bị đổi."
    )
    return 1


def _bar(done: int, total: int, message: str) -> None:
    width = 24
    filled = width * done // max(total, 1)
    print(f"[{'█' * filled}{'·' * (width - filled)}] {message}", flush=True)
