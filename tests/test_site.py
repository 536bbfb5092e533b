"""The site as it is published: what it loads and from where, and what it holds beside its pages."""

import base64
import datetime
import hashlib
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree

import pytest

from guide.measure.operations import entries
from guide.pages import html_of, pages
from guide.paths import PAGES, ROOT
from guide.reader.engine import Engine
from guide.reader.page import Page
from guide.reader.python import python
from guide.site.archives import project
from guide.site.build import build
from guide.site.described import CARD, LONGEST, described, lead, shortened

LOADED = {"audio": "src", "embed": "src", "iframe": "src", "img": "src", "object": "data", "script": "src"}
LOADED |= {"source": "src", "track": "src", "video": "src"}
LANDMARKS = {"header", "nav", "main", "footer"}


class Html(HTMLParser):
    """A page of the built site: what it loads, its inline scripts, styles, policy, language and landmarks."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.policy = ""
        self.language: str | None = None
        self.tags: set[str] = set()
        self.facts: dict[str, str] = {}
        self._in_script = False
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if tag == "html":
            self.language = values.get("lang")
        if tag == "style" or "style" in values:
            self.styles.append(values.get("style", tag))
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag == "meta" and "content" in values:
            self.facts[values.get("name") or values.get("property", "")] = values["content"]
        if tag == "link" and values.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(values["href"])
        if LOADED.get(tag) in values:
            self.loads.append(values[LOADED[tag]])
        self._in_script = tag == "script" and "src" not in values and values.get("type") != "application/json"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CompletedProcess[str]]:
    pages()  # MkDocs would say once more, in other words, that one can't be read
    folder = tmp_path_factory.mktemp("site")
    return folder, build(folder)


@pytest.fixture(scope="module")
def html(built: tuple[Path, CompletedProcess[str]]) -> dict[str, Html]:
    """The pages of the built site by path."""
    folder, _ = built
    return {path.relative_to(folder).as_posix(): Html(path) for path in sorted(folder.rglob("*.html"))}


def test_the_site_builds_without_a_warning(built: tuple[Path, CompletedProcess[str]]) -> None:
    """Broken links, and whatever else MkDocs only warns of. With its option -q it would say nothing, and succeed."""
    _, run = built
    assert run.returncode == 0, run.stderr
    assert "WARNING" not in run.stderr


def test_every_page_is_built(html: dict[str, Html]) -> None:
    assert len(html) > len(PAGES)


def test_nothing_is_loaded_from_elsewhere(html: dict[str, Html]) -> None:
    foreign = {(name, url) for name, page in html.items() for url in page.loads if re.match(r"[a-z]+:|//", url)}
    assert foreign == set()


def test_styles_and_scripts_fetch_nothing_from_elsewhere() -> None:
    """What the theme brings is fetched by no page of this site: tests/browser looks on. This is about our own."""
    files = [*(ROOT / "docs").rglob("*.css"), *(ROOT / "docs").rglob("*.js")]
    assert files
    assert [file.name for file in files if re.search(r"https?://|@import|url\((?!data:)", file.read_text())] == []


def test_the_policy_lets_in_the_inline_scripts_and_no_others(html: dict[str, Html]) -> None:
    """A new version of the theme may have others: read them, then write their hashes into overrides/main.html."""
    for name, page in html.items():
        told = set(re.findall(r"'(sha256-[^']+)'", page.policy))
        found = {
            "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in page.scripts
        }
        assert told == found, (name, page.scripts)


def test_the_policy_is_strict(html: dict[str, Html]) -> None:
    for name, page in html.items():
        rules = dict(rule.split(" ", 1) for rule in page.policy.split("; "))
        assert rules["default-src"] == "'none'", name
        allowed = {source for rule in rules.values() for source in rule.split() if not source.startswith("'sha256-")}
        assert allowed == {"'none'", "'self'", "data:"}, name
        assert page.styles == [], name


def test_every_page_tells_its_language_and_has_landmarks(html: dict[str, Html]) -> None:
    assert {name for name, page in html.items() if page.language != "en" or not page.tags >= LANDMARKS} == set()


def test_each_page_is_there_as_markdown(built: tuple[Path, CompletedProcess[str]]) -> None:
    folder, _ = built
    for page in pages():
        text = (folder / page.path.relative_to(ROOT / "docs")).read_text()
        assert "--8<--" not in text, page.name
        assert not text.startswith("---"), page.name
        assert shown(text, page), page.name


def shown(text: str, page: Page) -> bool:
    """Whether the blocks of a page stand in a text, as a reader of the page sees them and in their order."""
    lines = (line.strip() for line in text.split("\n"))
    return all(line.strip() in lines for block in page.blocks for line in block.text.strip("\n").split("\n"))


def test_each_included_file_can_be_downloaded(built: tuple[Path, CompletedProcess[str]]) -> None:
    folder, _ = built
    for page in pages():
        for block in page.blocks:
            text = (folder / block.include.name).read_text()
            assert "--8<-- [" not in text
            if block.include.section is None:
                # Markdown makes spaces of tabs, and takes the space from a line that holds nothing else.
                plain = re.sub(r"^ +$", "", text.expandtabs(4), flags=re.MULTILINE)
                assert plain.strip("\n") == block.text.strip("\n"), block.include


def test_the_name_above_a_file_leads_to_it(built: tuple[Path, CompletedProcess[str]]) -> None:
    folder, _ = built
    for page in pages():
        path = folder / html_of(page.path)
        names = re.findall(r'<span class="filename"><a href="([^"]+)" download="([^"]+)">([^<]+)</a>', path.read_text())
        found = [((path.parent / target).resolve().read_text(), name, title) for target, name, title in names]
        whole = [block for block in page.blocks if block.title and not block.include.section]
        files = [((folder / block.include.name).read_text(), block) for block in whole if block.language != "diff"]
        assert found == [(text, Path(block.title).name, block.title) for text, block in files], page.name


def held(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_each_page_leads_to_an_archive_of_its_files(built: tuple[Path, CompletedProcess[str]]) -> None:
    """Whoever unpacks it has the files where the page has them written."""
    folder, _ = built
    for page in pages():
        path = folder / html_of(page.path)
        links = re.findall(r'<a href="([^"]+\.zip)" download>its files', path.read_text())
        assert len(links) == bool(page.blocks), page.name
        for link in links:
            files = held((path.parent / link).resolve())
            shown = {block.include.name: (folder / block.include.name).read_bytes() for block in page.blocks}
            assert sorted(files.values()) == sorted(shown.values()), page.name
            named = {block.title: block for block in reversed(page.blocks) if block.title and block.language != "diff"}
            for title, block in named.items():
                assert block.include.section or files[title] == shown[block.include.name], f"{page.name}: {title}"


def test_a_page_that_starts_from_a_project_leads_to_it(
    built: tuple[Path, CompletedProcess[str]], tmp_path: Path, ydb: Engine
) -> None:
    """What is unpacked is what the tests of the page start from, and it runs."""
    folder, _ = built
    for page in pages():
        path = folder / html_of(page.path)
        links = re.findall(r'opy the folder\s+<a href="([^"]+)" download><code>(\w+)/</code>', path.read_text())
        is_home = page.path == ROOT / "docs" / "index.md"
        expected = [] if is_home or "project" not in page.meta else [Path(page.meta["project"]).name]
        assert [name for _, name in links] == expected, page.name
        markdown = folder / page.path.relative_to(ROOT / "docs")
        links_there = re.findall(r"opy the folder\s+\[`\w+/`\]\(([^)]+)\)", markdown.read_text())
        for form, targets in ((path, [link for link, _ in links]), (markdown, links_there)):
            archives = [(form.parent / link).resolve() for link in targets]
            assert archives == [folder / "downloads" / f"{name}.zip" for name in expected], form
    for name, place in (("example", ROOT), ("application", ROOT), ("starter", ROOT / "toolkit")):
        with zipfile.ZipFile(folder / "downloads" / f"{name}.zip") as file:
            file.extractall(tmp_path)
        unpacked = {path.relative_to(tmp_path) for path in (tmp_path / name).rglob("*") if path.is_file()}
        wheels = {path for path in unpacked if path.suffix == ".whl"}
        assert {path.name for path in wheels} == {
            line.removeprefix("./")
            for file in (tmp_path / name).glob("requirements*.txt")
            for line in file.read_text().splitlines()
            if line.startswith("./")
        }
        assert unpacked - wheels == {Path(name) for name in project((place / name).relative_to(ROOT).as_posix())}
        assert all((tmp_path / path).read_bytes() == (place / path).read_bytes() for path in unpacked - wheels)
        # Outside of an environment, Debian and macOS know python3 alone.
        assert not [path for path in (tmp_path / name).rglob("README.md") if "python -m venv" in path.read_text()]
        for arguments in (["upgrade", "head"], ["check"], ["-x", "allow-downgrade=yes", "downgrade", "base"]):
            login = {"YDB_URL": ydb.url, "YDB_ANONYMOUS_CREDENTIALS": "1"}
            done = python(tmp_path / name, "-m", "alembic", *arguments, **login)
            assert done.returncode == 0, done.stderr


def test_llms_txt_lists_every_page(built: tuple[Path, CompletedProcess[str]]) -> None:
    folder, _ = built
    text = (folder / "llms.txt").read_text()
    assert "](llms-full.txt)" in text
    listed = re.findall(r"(?m)^- \[[^\]]+\]\(([^)]+)\): \S", text)
    assert sorted(listed) == sorted(
        path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")
    )
    assert all((folder / name).is_file() for name in listed)
    assert text.startswith("# Alembic on YDB\n\n> ")


def test_llms_full_txt_holds_the_pages_that_are_no_proofs(built: tuple[Path, CompletedProcess[str]]) -> None:
    folder, _ = built
    text = (folder / "llms-full.txt").read_text()
    for page in pages():
        assert (folder / page.path.relative_to(ROOT / "docs")).read_text().strip() in text, page.name
    assert "<!-- cases/transactions.md" not in text


PAGE = """<meta name="description" content="x"><link rel="canonical" href="https://a.b/c/">
<h1>T<a class="headerlink">¶</a></h1>"""


def test_a_card_has_a_picture_where_the_site_has_an_address() -> None:
    text = PAGE + "\n<p>Say <code>a &lt; b</code>,\nthen.</p>"
    assert lead(text) == "Say a < b, then."
    alone, placed = (described(text, "S", 'A "b"', address) for address in ("", "https://a.b/"))
    assert 'content="A &quot;b&quot;"' in alone and 'property="og:title" content="T"' in alone
    assert "https://a.b/c" not in alone.partition("<link")[0] and "og:image" not in alone
    assert 'property="og:url" content="https://a.b/c/"' in placed
    assert f'content="https://a.b/{CARD}"' in placed
    assert (ROOT / "docs" / CARD).is_file()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("One. Two.", "One. Two."),
        ("One. " + "two " * 80, "One."),
        ("word, " * 80, "word, " * 32 + "word…"),
    ],
)
def test_a_description_ends_with_a_sentence_or_a_word(text: str, short: str) -> None:
    assert shortened(text) == short


def test_each_page_has_a_description_of_its_own(html: dict[str, Html]) -> None:
    said = {name: page.facts["description"] for name, page in html.items() if name != "404.html"}
    assert [name for name, text in said.items() if not 20 < len(text) <= LONGEST] == []
    own = Counter(text for name, text in said.items() if not name.startswith("cases/"))
    assert [text for text, count in own.items() if count > 1] == []
    assert all(page.facts["og:description"] == said[name] for name, page in html.items() if name in said)


def test_the_feed_has_each_line_of_the_changelog(built: tuple[Path, CompletedProcess[str]]) -> None:
    folder, _ = built
    name = {"": "http://www.w3.org/2005/Atom"}
    entries = ElementTree.parse(folder / "feed.xml").findall("entry", name)
    told = [(entry.findtext("updated", "", name)[:10], entry.findtext("title", "", name)) for entry in entries]
    lines = re.findall(r"^- .+(?:\n  .+)*", (ROOT / "docs" / "changelog.md").read_text(), re.MULTILINE)
    assert told == [(line[2:12], " ".join(re.sub("[*`]", "", line[14:]).split())) for line in lines]
    dates = [date for date, _ in told]
    assert dates == sorted(dates, reverse=True)
    assert dates[0] <= str(datetime.datetime.now(datetime.UTC).date())
    assert len({entry.findtext("id", "", name) for entry in entries}) == len(entries)
    assert all((folder / link.attrib["href"]).is_dir() for entry in entries for link in entry.findall("link", name))


def links(text: str) -> Iterator[str]:
    """The links of a Markdown text to other files, but for what only looks so in its code."""
    text = re.sub(r"(?ms)^ *```.*?^ *```$", "", text)
    yield from re.findall(r"\]\((?!#|https?:)([^)#\s]+)", text)
    yield from re.findall(r"^\[[^\]]+\]: (?!https?:)([^#\s]+)", text, re.MULTILINE)


def test_the_links_between_markdown_pages_hold(built: tuple[Path, CompletedProcess[str]]) -> None:
    folder, _ = built
    for page in PAGES:
        path = folder / page.relative_to(ROOT / "docs")
        assert [link for link in links(path.read_text()) if not (path.parent / link).is_file()] == [], path.name


def test_a_link_to_the_page_that_once_had_all_operations_leads_on(built: tuple[Path, CompletedProcess[str]]) -> None:
    folder, _ = built
    text = (folder / "reference" / "operations" / "index.html").read_text()
    assert len(entries()) > 100
    for entry in entries():
        assert f'<a href="{entry.page}/#{entry.id}" id="{entry.id}">' in text
        assert f'id="{entry.id}"' in (folder / "reference" / "operations" / entry.page / "index.html").read_text()


def test_pages_lead_to_the_distributions(built: tuple[Path, CompletedProcess[str]]) -> None:
    folder, _ = built
    wheels = {path.name: path for path in (folder / "downloads").glob("*.whl")}
    assert {name.partition("-")[0] for name in wheels} == {"alembic_ydb", "ydb_emulator"}
    sdists = {path.name for path in (folder / "downloads").glob("*.tar.gz")}
    assert sdists == {name.replace("-py3-none-any.whl", ".tar.gz") for name in wheels}
    for path in [path for path in PAGES if ".whl`" in path.read_text()]:
        html = folder / html_of(path)
        links = re.findall(r'<a href="([^"]+)" download><code>([^<]+\.whl)</code></a>', html.read_text())
        assert links, path
        for link, name in links:
            assert (html.parent / link).resolve() == wheels[name].resolve(), path
