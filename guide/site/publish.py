"""What the published site has beside its pages: each as Markdown, included files, downloads, a feed, `llms.txt`.

`python -m guide.site.publish site` writes them into the site that MkDocs has built there. The Markdown of a page has
the page's own path, so that the links between pages hold; where a page includes a file, it holds what is shown. On a
page, the name above a whole file becomes a link to it, and a link at the end leads to all files of the page, as an
archive. The sentence that says to copy a project's folder leads to that, as another. A page that names a wheel leads
to it. Each page gets its description and its card, and is made lighter. `llms-full.txt` has all pages but the proofs in
one file.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import markdown
from mkdocs.config import load_config
from mkdocs.utils import meta

from guide.pages import html_of, pages, site
from guide.paths import ROOT, pages_in
from guide.reader.downloads import build
from guide.reader.page import SNIPPETS, Page, Site
from guide.site import archives, described, lighter, playground, steps, try_it
from guide.site.feed import feed

FIRST_BUTTONS = re.compile(r'(?:(?!<h[1-6]\b).)*<a class="md-button"[^>]*>[^<]*</a>(?=</p>)', re.DOTALL)
FILENAME = re.compile(r'<span class="filename">([^<]*)</span>')
AS_MARKDOWN = "This page as Markdown</a>"
OPTIONAL = "cases/"
"""The pages that llms.txt calls optional, to be left out where there is little room."""


def publish(folder: Path, config: Any) -> None:
    """Write all of it into the folder of the built site. In: the folder, what mkdocs.yml says."""
    expand = Expander(site())
    downloads = build(ROOT, folder / "downloads")
    for path in pages_in(site().docs):
        text, header = meta.get_data(path.read_text())
        published = folder / path.relative_to(site().docs)
        text = expand(text)
        for file in downloads:
            text = text.replace(f"`{file.name}`", f"[`{file.name}`]({os.path.relpath(file, published.parent)})")
        if project := header.get("project"):
            name = Path(project).name
            target = os.path.relpath(folder / "downloads" / f"{name}.zip", published.parent)
            text = re.sub(rf"(opy the folder\s+)(`{name}/`)", rf"\1[\2]({target})", text)
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
    if config.extra["playground"]:
        playground.make(folder / "playground")
        for page in pages():
            if found := steps.steps(page):
                _write(folder / "playground" / "steps" / f"{_stem(page)}.json", json.dumps(found))
                html = folder / html_of(page.path)
                html.write_text(_with_run(html.read_text(), os.path.relpath(folder / "try", html.parent), _stem(page)))
        try_it.place(folder)
    said = {path: _describe(folder, path, config) for path in pages_in(site().docs)}
    _write(folder / "llms.txt", listing(config, {_name(path): text for path, text in said.items()}))
    _write(folder / "llms-full.txt", whole(config, folder))
    lighter.lighten(folder, [str(name) for name in config.extra_css], [str(name) for name in config.extra_javascript])
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


def _with_run(html: str, target: str, name: str) -> str:
    """The page with a button that runs it in the browser, before its title, or the last of those that it begins with.

    In: where Try it is, the page's name.
    """
    before, title, after = html.partition("<h1")
    assert title, f"{name}: no title to put the button at"
    link, words = f'href="{escape(target)}/#page={escape(name)}"', "Run this page"
    if buttons := FIRST_BUTTONS.match(after):
        return f'{before}{title}{buttons[0]}\n<a class="md-button run-page" {link}>{words}</a>{after[buttons.end() :]}'
    return f'{before}<a class="run-page" {link}>{words}</a>{title}{after}'


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


def _name(path: Path) -> str:
    """A page as mkdocs.yml names it."""
    return path.relative_to(site().docs).as_posix()


def _stem(page: Page) -> str:
    return _name(page.path).removesuffix(".md")


def _describe(folder: Path, path: Path, config: Any) -> str:
    """Put its description and its card into a built page. Out: the description."""
    html = folder / html_of(path)
    text = html.read_text()
    _, front_matter = meta.get_data(path.read_text())
    is_home = _name(path) == "index.md"
    own = front_matter.get("description") or (config.site_description if is_home else described.lead(text))
    said = str(own or config.site_description)
    html.write_text(described.described(text, config.site_name, said, config.site_url or ""))
    return described.shortened(said)


def chapters(items: list[dict[str, Any]], above: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """The nav of mkdocs.yml as chapters: their names, with those above them, and the titles of their pages by path."""
    if own := {path: title for item in items for title, path in item.items() if isinstance(path, str)}:
        yield above, own
    for item in items:
        for name, below in item.items():
            if not isinstance(below, str):
                yield from chapters(below, f"{above}: {name}" if above else name)


def listing(config: Any, said: dict[str, str]) -> str:
    """The text of llms.txt (https://llmstxt.org): the pages by chapters. In: their descriptions by path."""
    lines = [f"# {config.site_name}", "", f"> {config.site_description}", "", "[All of it in one file](llms-full.txt)"]
    found = list(chapters(config.nav))
    proofs = {path: title for _, own in found for path, title in own.items() if path.startswith(OPTIONAL)}
    parts = [(name, {path: title for path, title in own.items() if path not in proofs}) for name, own in found]
    for name, own in [*parts, ("Optional", proofs)]:
        if own:
            lines += ["", *([f"## {name}", ""] if name else [])]
            lines += [f"- [{title}]({path}): {said[path]}" for path, title in own.items()]
    return "\n".join(lines) + "\n"


def whole(config: Any, folder: Path) -> str:
    """The text of llms-full.txt: every page but the proofs, as Markdown, in the order of the nav."""
    names = [path for _, own in chapters(config.nav) for path in own if not path.startswith(OPTIONAL)]
    texts = [f"<!-- {name}: links are relative to it -->\n\n{(folder / name).read_text().strip()}" for name in names]
    return "\n\n".join(texts) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    try:
        publish(Path(sys.argv[1]), load_config(str(ROOT / "mkdocs.yml")))
    except playground.MissingError as error:
        sys.exit(str(error))
