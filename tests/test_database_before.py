"""A database made before the words of the field came in (decision 0024) shows the same bytes to who
looks back.

Documents and audit entries are never rewritten: what was stored then is read by what is here now.
The dump and what the
code of that day said of it stand in tests/before; a history of thirty steps: an amendment,
decisions, reforms, reports.
"""

import json
import lzma
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(__file__).parent / "before"


def test_who_looks_back_sees_the_same_bytes(tmp_path):
    """Thirty moments, a minute apart, each as the code of that day saw it."""
    expected = json.loads((DATA / "0023.json").read_text(encoding="utf-8"))
    dump = lzma.decompress((DATA / "0023.sql.xz").read_bytes()).decode()
    database = sqlite3.connect(tmp_path / "toankhoa.sqlite3")
    database.executescript(dump)
    database.close()
    env = {
        **os.environ,
        "TOANKHOA_DATA": str(tmp_path),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}",
    }
    env.pop("DATABASE_URL", None)
    command = [sys.executable, str(ROOT / "tests" / "look_back.py"), *expected]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) == expected
