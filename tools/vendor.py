"""Copy the few third-party files that pages need from node_modules into the web app's git-ignored
static folder.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "toankhoa" / "web" / "static" / "vendor"

FONT = "@fontsource/be-vietnam-pro"
# Every page needs these three to show Vietnamese; the browser fetches a file only when a page uses
# its letters.
SUBSETS = ("latin", "latin-ext", "vietnamese")
FACES = ("400-normal", "400-italic", "500-normal", "600-normal", "700-normal")


def wanted() -> dict[str, str]:
    """Path in the vendor folder → path in node_modules. Licences travel with what they license."""
    files = {"fonts/LICENSE": f"{FONT}/LICENSE"}
    for subset in SUBSETS:
        for face in FACES:
            name = f"be-vietnam-pro-{subset}-{face}.woff2"
            files[f"fonts/{name}"] = f"{FONT}/files/{name}"
    return files


def copy() -> None:
    """Fill the vendor folder anew, so that nothing of an earlier version stays behind."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for target, source in wanted().items():
        place = VENDOR / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, place)


if __name__ == "__main__":
    copy()
