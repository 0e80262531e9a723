"""Run a command beside a PostgreSQL server of its own, thrown away afterwards.

    tools/postgres.py [--durable] COMMAND …

The command finds the server in DATABASE_URL. The server is not durable, as tests need no more; with
--durable it keeps
PostgreSQL's own defaults, as measurements need. It listens on this machine only.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLUSTER = [
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=icu",
    "--icu-locale=vi",
    "--username=toankhoa",
]
# A server that is thrown away need not survive the machine's fall.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
DEBIAN = Path("/usr/lib/postgresql")


def main() -> int:
    """The command's own exit code; a message where there is no PostgreSQL."""
    command = sys.argv[1:]
    durable = command[:1] == ["--durable"]
    if durable:
        command = command[1:]
    if not command:
        sys.exit(__doc__)
    binaries = _binaries()
    if binaries is None:
        sys.exit(
            "Không tìm thấy PostgreSQL. Hãy cài, ví dụ trên Debian: sudo apt-get install postgresql"
        )
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(1)
    )  # whoever stops this stops the server with it
    with (
        tempfile.TemporaryDirectory(prefix="toankhoa-pg-") as folder,
        _server(binaries, Path(folder), durable) as url,
    ):
        return subprocess.run(
            command, env={**os.environ, "DATABASE_URL": url}, check=False
        ).returncode


def _binaries() -> Path | None:
    """Where initdb and pg_ctl are; Debian keeps them out of the path, by version."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def _server(binaries: Path, folder: Path, durable: bool) -> Iterator[str]:
    user = _owner(folder)
    data, port = folder / "data", _free_port()
    _run([binaries / "initdb", "--auth=trust", "--no-sync", *CLUSTER, "--pgdata", data], user)
    chosen = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "max_connections": 100,
    }
    chosen |= {} if durable else CARELESS
    options = " ".join(f"-c {name}={value}" for name, value in chosen.items())
    log = folder / "log"
    _run(
        [
            binaries / "pg_ctl",
            "start",
            "--wait",
            "--pgdata",
            data,
            "--log",
            log,
            "--options",
            options,
        ],
        user,
    )
    try:
        yield f"postgres://toankhoa@127.0.0.1:{port}/postgres"
    finally:
        _run([binaries / "pg_ctl", "stop", "--mode", "immediate", "--pgdata", data], user)


def _owner(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: its own user owns the folder then. None: whoever runs
    this.
    """
    if os.geteuid():
        return None
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return owner.pw_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[object], user: str | None) -> None:
    subprocess.run(
        [str(part) for part in command], user=user, cwd="/", check=True, stdout=subprocess.DEVNULL
    )


if __name__ == "__main__":
    sys.exit(main())
