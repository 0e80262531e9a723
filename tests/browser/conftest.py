"""Sites to visit, and a real Chromium to visit them with."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from sites import PATIENCE, Site, served

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
FLAGS += ["--disable-sync", "--no-first-run"]
# What a page must come to show is waited for as long as a busy machine may need: a condition, never
# a pause.
expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no chromium on this machine")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE * 1000
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def empty_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Units and people, no plan yet."""
    with served(tmp_path_factory.mktemp("empty"), ["tests/browser/installation.py"]) as url:
        yield Site(url, browser)


@pytest.fixture(scope="session")
def demo_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo as anybody gets it."""
    with served(tmp_path_factory.mktemp("demo"), ["-m", "toankhoa.cli", "demo"]) as url:
        yield Site(url, browser)
