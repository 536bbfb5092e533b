"""What the published site has beside its pages: each as Markdown, included files, the downloads, `llms.txt`, a feed.

`python -m guide.site.publish site` writes them into the site that MkDocs has built there. The Markdown of a page has
the page's own path, so that the links between pages hold; where a page includes a file, it holds what is shown. On a
page, the name above a whole file becomes a link to it, and a link at the end leads to all files of the page, as an
archive. The sentence that says to copy a project's folder leads to that, as another. A page that names a wheel leads
to it.
"""

from __future__ import annotations

import os
import re
import sys
from html import escape
from pathlib import Path
from typing import Any

import markdown
from mkdocs.config import load_config
from mkdocs.utils import meta

from guide.pages import html_of, pages, site
from guide.paths import ROOT
from guide.reader.downloads import build
from guide.reader.page import SNIPPETS, Page, Site
from guide.site import archives
from guide.site.feed import feed

FILENAME = re.compile(r'<span class="filename">([^<]*)</span>')
AS_MARKDOWN = "This page as Markdown</a>"
OPTIONAL = {"Proof"}
"""What llms.txt calls optional: to be left out where there is little room."""


def publish(folder: Path) -> None:
    """Write all of it into the folder of the built site."""
    expand = Expander(site())
    downloads = build(ROOT, folder / "downloads")
    for path in sorted(site().docs.rglob("*.md")):
        text, _ = meta.get_data(path.read_text())
        published = folder / path.relative_to(site().docs)
        text = expand(text)
        for file in downloads:
            text = text.replace(f"`{file.name}`", f"[`{file.name}`]({os.path.relpath(file, published.parent)})")
        _write(published, text)
    for name in sorted({block.include.name for page in pages() for block in page.blocks}):
        _write(folder / name, expand(f'--8<-- "{name}"'))
    for page in pages():
        html = folder / html_of(page.path)
        text = _linked(page, html.read_text())
        for file in downloads:
            code = f"<code>{file.name}</code>"
            text = text.replace(code, f'<a href="{os.path.relpath(file, html.parent)}" download>{code}</a>')
        if names := archives.names(page):
            archive = (folder / page.path.relative_to(site().docs)).with_suffix(".zip")
            archives.pack(archive, {name: (folder / include).read_bytes() for name, include in names.items()})
            text = _with_archive(text, os.path.relpath(archive, html.parent))
        if project := page.meta.get("project"):
            name = Path(project).name
            archive = folder / "downloads" / f"{name}.zip"
            archives.pack(archive, archives.project(project, downloads))
            text = _with_project(text, name, os.path.relpath(archive, html.parent), page)
        html.write_text(text)
    config = load_config(str(ROOT / "mkdocs.yml"))
    _write(folder / "llms.txt", listing(config))
    _write(folder / "feed.xml", feed(f"{config.site_name}: changes", (ROOT / "docs" / "changelog.md").read_text()))


def _linked(page: Page, html: str) -> str:
    """The page with links to the files that its blocks show as a whole."""
    titled = iter([block for block in page.blocks if block.title])

    def link(found: re.Match[str]) -> str:
        block = next(titled)
        if block.include.section or block.language == "diff":
            return found[0]
        target, name = os.path.relpath(block.include.name, html_of(page.path).parent), Path(block.title).name
        return f'<span class="filename"><a href="{escape(target)}" download="{escape(name)}">{found[1]}</a></span>'

    linked = FILENAME.sub(link, html)
    assert next(titled, None) is None, f"{page.name}: not every name of a file is above its block"
    return linked


def _with_archive(html: str, target: str) -> str:
    """The page with a link to its archive, after the one to its Markdown (overrides/main.html)."""
    before, found, after = html.partition(AS_MARKDOWN)
    assert found, "the page has no link to its Markdown"
    return f'{before}{found}, <a href="{escape(target)}" download>its files</a>{after}'


def _with_project(html: str, project: str, target: str, page: Page) -> str:
    """The page with a link to the project that it starts from, in the sentence that says to copy its folder."""
    code = f"<code>{project}/</code>"
    link = rf'\1<a href="{escape(target)}" download>{code}</a>'
    linked, count = re.subn(rf"(opy the folder\s+){code}", link, html)
    assert count < 2, f"{page.name}: it says more than once to copy the folder `{project}/`, which becomes a link"
    return linked


class Expander:
    """Puts what a text includes in the place of its include lines, as the site does: no section markers are left."""

    def __init__(self, site: Site) -> None:
        converter = markdown.Markdown(extensions=[SNIPPETS], extension_configs={SNIPPETS: site.settings[SNIPPETS]})
        self._snippets = converter.preprocessors["snippet"]

    def __call__(self, text: str) -> str:
        return "\n".join(map(self._line, text.strip("\n").split("\n"))) + "\n"

    def _line(self, line: str) -> str:
        """A line, or what it includes: without the empty line that the end of a file would leave in a fence."""
        return "\n".join(self._snippets.run([line])).rstrip("\n")


def listing(config: Any) -> str:
    """The text of llms.txt (https://llmstxt.org): the pages by the parts of the guide, as mkdocs.yml has them."""
    alone = [item for item in config.nav if isinstance(next(iter(item.values())), str)]
    parts = [part for item in config.nav for part in item.items() if not isinstance(part[1], str)]
    lines = [f"# {config.site_name}", "", f"> {config.site_description}", "", *_links(alone)]
    for name, items in parts:
        lines += ["", "## Optional" if name in OPTIONAL else f"## {name}", "", *_links(items)]
    return "\n".join(lines) + "\n"


def _links(items: list[dict[str, str]]) -> list[str]:
    return [f"- [{title}]({path})" for item in items for title, path in item.items()]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
