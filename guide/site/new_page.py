"""The skeleton of a page: docs/NAME.md, its snippets, its entry in mkdocs.yml.

`python -m guide.site.new_page NAME [TITLE]` writes it.

NAME is a path in docs/ without `.md`, for example `recipes/rename-a-column`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from contextlib import suppress
from pathlib import Path

import yaml

from guide.paths import ROOT

PAGE = """\
---
{agree}project: example
---

# {title}

What the reader can do after this page, in a sentence.

```console
--8<-- "snippets/{name}/start.console"
```
"""
SESSION = "$ alembic upgrade head\n"
HINT = """\
Write the page, then record what its commands print, and follow it:
  .venv/bin/python -m pytest --update docs/{name}.md
  .venv/bin/python -m pytest docs/{name}.md"""
NAV = re.compile(r"(?m)^nav:\n(?:[ \t]+.*\n)+")
PROOFS = re.compile(r"(?m)^( +)- Proof:\n")


def create(root: Path, name: str, title: str) -> list[Path]:
    """Write the skeleton of a page. Out: the files that were written or changed.

    Raises ValueError, with nothing written, if the name is no path, the page is there already, or mkdocs.yml has no
    nav to put it into.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*", name):
        raise ValueError(f"{name!r} is no name of a page: small letters, digits and hyphens, parted by /")
    page, session, site = root / "docs" / f"{name}.md", root / "snippets" / name / "start.console", root / "mkdocs.yml"
    if taken := next((path for path in (page, session) if path.exists()), None):
        raise ValueError(f"{taken.relative_to(root)} is there already")
    settings = site.read_text()
    nav = NAV.search(settings)
    if nav is None:
        raise ValueError("mkdocs.yml has no nav to put the page into")
    entries = with_entry(nav[0], name, in_nav(title))
    for path, text in (
        (page, PAGE.format(title=title, name=name, agree="agree: models\n" if name.startswith("recipes/") else "")),
        (session, SESSION),
        (site, settings[: nav.start()] + entries + settings[nav.end() :]),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return [page, session, site]


def in_nav(title: str) -> str:
    """A title as YAML has it: in quotes where it would be something else without."""
    with suppress(yaml.YAMLError):
        if yaml.safe_load(f"- {title}: page.md") == [{title: "page.md"}]:
            return title
    return json.dumps(title, ensure_ascii=False)


def with_entry(nav: str, name: str, title: str) -> str:
    """The nav with one more page: below the last one of its folder, or else before the pages that list proofs.

    The nav goes by what readers want, not by folders: whoever writes the page may move the line.
    """
    folder = name[: name.rfind("/") + 1]
    beside = list(re.finditer(rf"(?m)^( +- )[^\n]*: {re.escape(folder)}[^/\n]+\.md\n", nav))
    if beside:
        return f"{nav[: beside[-1].end()]}{beside[-1][1]}{title}: {name}.md\n{nav[beside[-1].end() :]}"
    proofs = PROOFS.search(nav)
    place, indent = (proofs.start(), proofs[1]) if proofs else (len(nav), "  ")
    return f"{nav[:place]}{indent}- {title}: {name}.md\n{nav[place:]}"


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
    print(f"\n{HINT.format(name=options.name)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
