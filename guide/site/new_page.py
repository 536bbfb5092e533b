"""The skeleton of a page: docs/NAME.md, its snippets, its entry in mkdocs.yml.

`python -m guide.site.new_page NAME [TITLE]` writes it.

NAME is a path in docs/ without `.md`, for example `recipes/rename-a-column`.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from guide.paths import ROOT

PAGE = """\
# {title}

What the reader can do after this page, in a sentence.

```console
--8<-- "snippets/{name}/init.console"
```
"""
SESSION = "$ alembic init migrations\n"
NAV_ENTRY = re.compile(r"(?m)^nav:\n(?:[ \t]+.*\n)+")


def create(root: Path, name: str, title: str) -> list[Path]:
    """Write the skeleton of a page. Out: the files that were written or changed.

    Raises ValueError, with nothing written, if the name is no path, the page is there already, or mkdocs.yml has no
    nav to put it into.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*", name):
        raise ValueError(f"{name!r} is no name of a page: small letters, digits and hyphens, parted by /")
    page, session, site = root / "docs" / f"{name}.md", root / "snippets" / name / "init.console", root / "mkdocs.yml"
    if taken := next((path for path in (page, session) if path.exists()), None):
        raise ValueError(f"{taken.relative_to(root)} is there already")
    settings = site.read_text()
    nav = NAV_ENTRY.search(settings)
    if nav is None:
        raise ValueError("mkdocs.yml has no nav to put the page into")
    for path, text in (
        (page, PAGE.format(title=title, name=name)),
        (session, SESSION),
        (site, f"{settings[: nav.end()]}  - {title}: {name}.md\n{settings[nav.end() :]}"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return [page, session, site]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m guide.site.new_page", description=__doc__)
    parser.add_argument("name", help="the page's path in docs/, without .md")
    parser.add_argument("title", nargs="?", help="its title (default: from the name)")
    options = parser.parse_args()
    title = options.title or options.name.rpartition("/")[2].replace("-", " ").capitalize()
    try:
        written = create(ROOT, options.name, title)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(path.relative_to(ROOT))
    print("\nNow write, and let the tests fill in what happens:")
    print(f".venv/bin/python -m pytest --update docs/{options.name}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
