"""What the reader's own tests work on: a throw-away site with one page."""

from collections.abc import Callable
from pathlib import Path

import pytest
import ydb as sdk

from guide.reader.engine import Engine, connect
from guide.reader.errors import ReaderError
from guide.reader.page import Page, load_site, read_page
from guide.reader.walk import walk
from guide.reader.way import Choice

MKDOCS = """
site_name: A site
theme: {name: material}
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.snippets:
      base_path: [snippets]
      check_paths: true
      dedent_subsections: true
"""
TABBED = """
=== "Sync"

    ```python title="x.py"
    --8<-- "sync.py"
    ```

=== "Async"

    ```python title="x.py"
    --8<-- "async.py"
    ```

```console
--8<-- "a.console"
```
"""
FAILS = "{ .console .fails }"
NOWHERE = Engine("127.0.0.1:1", "/local", "/local")


class Project:
    """A throw-away site with one page; its database is the file `database` in the reader's folder."""

    def __init__(self, root: Path):
        self.root, self.snippets, self.page = root, root / "snippets", root / "docs" / "page.md"
        self.walks = 0
        self.snippets.mkdir()
        self.page.parent.mkdir()
        (root / "mkdocs.yml").write_text(MKDOCS)

    def write(self, page: str, **files: str) -> "Project":
        """Write the page and its snippets: `name_suffix="text"` becomes name.suffix."""
        self.page.write_text(page)
        for name, text in files.items():
            (self.snippets / ".".join(name.rsplit("_", 1))).write_text(text)
        return self

    def read(self) -> Page:
        return read_page(load_site(self.root / "mkdocs.yml"), self.page)

    def walk(self, engine: Engine = NOWHERE, update: bool = False, choice: Choice | None = None) -> list[str]:
        """Walk the page. Out: the names of the rewritten files."""
        self.walks += 1
        scratch = self.root / f"walk{self.walks}"
        scratch.mkdir()
        database = scratch / "project" / "database"
        state = (lambda: database.read_text() if database.exists() else "") if engine is NOWHERE else None
        site = load_site(self.root / "mkdocs.yml")
        found = walk(site, self.page, engine, scratch, choice=choice, update=update, dump=state)
        return [path.name for path in found]

    def file(self, name: str) -> str:
        """A file of the reader's folder after the last walk."""
        return (self.root / f"walk{self.walks}" / "project" / name).read_text()


def fence(include: str, header: str = "console") -> str:
    return f'```{header}\n--8<-- "{include}"\n```\n'


def refusal(action: Callable[[], object]) -> str:
    """The message with which an action is refused."""
    with pytest.raises(ReaderError) as refused:
        action()
    return str(refused.value)


def execute(engine: Engine, *statements: str) -> None:
    with connect(engine) as driver, sdk.QuerySessionPool(driver) as pool:
        for statement in statements:
            pool.execute_with_retries(statement)
