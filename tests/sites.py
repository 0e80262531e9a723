"""A real server on a folder of its own, and a real Chromium in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds: what waits for a condition waits that long on a busy machine


@dataclass
class Site:
    """Where the server answers, and the browser to visit it with. `noise`: what pages complained
    about.
    """

    url: str
    browser: Browser
    noise: list[str] = field(default_factory=list)

    @contextmanager
    def visit(self, login: str, *, width: int = 1440, theme: str = "light") -> Iterator[Page]:
        """A page of somebody who signed in with one click ("" for a stranger)."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on(
            "console",
            lambda message: self.noise.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.noise.append(str(error)))
        page.goto(f"{self.url}/dang-nhap/")
        if login:
            page.click(f"[data-login={login}]")
            page.wait_for_selector(".rail")
        yield page
        context.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _database() -> dict[str, str]:
    """A database for one site, where the tests run on PostgreSQL; SQLite's lies in the site's
    folder.
    """
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {}
    name = f"site_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}


@contextmanager
def served(data: Path, fill: list[str]) -> Iterator[str]:
    """The address of a server on a data folder that a program has filled first."""
    env = {**os.environ, "TOANKHOA_DATA": str(data), "PYTHONPATH": str(ROOT / "src"), **_database()}
    subprocess.run(
        [sys.executable, *fill], env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    port = _free_port()
    log = (data / "server.log").open("wb")
    command = [sys.executable, "-m", "toankhoa.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield _answering(f"http://127.0.0.1:{port}", data)
    finally:
        _ended(server)


def _ended(server: subprocess.Popen[bytes]) -> None:
    """Asked to end, and made to where it does not: a server that hangs fails no test of others."""
    server.terminate()
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _answering(url: str, data: Path) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{url}/dang-nhap/", timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.1)
        else:
            return url
    raise AssertionError((data / "server.log").read_text(errors="replace"))
