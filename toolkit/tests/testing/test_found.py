"""Where a project's configuration is found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FIND = "from pathlib import Path; from alembic_ydb.testing.found import find; find(Path.cwd(), Path.cwd())"


def test_toml_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    text = '[project]\ndescription = "Часы"\n[tool.alembic]\nscript_location = "migrations"\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    ascii_only = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-c", FIND], cwd=tmp_path, env=ascii_only, check=True)
