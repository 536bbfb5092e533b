"""`python -m tests.playground.follow FILE`: follow pages in one process, through the playground's stand-ins.

The file holds the steps of pages by their names, as the site has them. What is printed is, for each page, how its steps
ended, and what was asked of it besides.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ODD: list[dict[str, Any]] = [
    {"kind": "session", "name": "", "text": "$ cat a.txt\nb\n", "masks": []},
    {
        "kind": "session",
        "name": "",
        "text": "$ nonsense\n? 127\nnonsense: not found here; help lists what there is\n",
        "masks": [],
    },
    {"kind": "diff", "name": "models.py", "text": " nothing of it\n+x\n", "masks": []},
    {"kind": "diff", "name": "gone.py", "text": " nothing of it\n+x\n", "masks": []},
    {"kind": "section", "name": "models.py", "text": "x = 1\n", "masks": []},
    {"kind": "file", "name": "models.py/inside.py", "text": "x = 1\n", "masks": []},
    {"kind": "generated", "name": "models.py", "text": "nothing\n", "masks": [], "whole": True},
    {"kind": "yql", "name": "", "text": "SELECT 1 AS one;\n--> one\n--> 2\n", "masks": []},
]
"""Steps that end otherwise."""


def follow(page: dict[str, Any]) -> list[dict[str, str]]:
    """Do all steps of a page. Out: how each ended."""
    from playground.tab import Tab

    with tempfile.TemporaryDirectory() as folder:
        tab = Tab(f"{folder}/project", page["files"], "26.2", lambda text: None)
        ended = [tab.step(step) for step in page["steps"]]
        tab.close()
    return ended


def main() -> None:
    pages = json.loads(Path(sys.argv[1]).read_text())
    found = {name: follow(page) for name, page in pages.items()}
    odd = follow({"files": {"a.txt": "a\n", "models.py": "one = 1\n"}, "steps": ODD})
    json.dump({"pages": found, "odd": odd}, sys.stdout)


if __name__ == "__main__":
    main()
