"""The page Try it: the example's migrations typed by hand, in a browser that has nothing else."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from guide.paths import ROOT
from guide.reader.session import parse
from tests.browser.playground import START, Playground
from tests.browser.test_pages import RULES
from tests.browser.visit import Visit

LIMIT, SOURCES = 12_000_000, 3_600_000
"""Bytes that a reader loads until the first command, and for the lines of sources in a traceback."""


@pytest.fixture
def playground(visit: Visit) -> Playground:
    return Playground(visit.open("try/"))


def recorded(name: str) -> set[str]:
    """The messages that the page Example shows of a session. The project that it ends with logs nothing else."""
    [command] = parse((ROOT / "snippets" / "example" / name).read_text())
    lines = {re.sub(r"^INFO +\[.*?\] ", "", line) for line in command.output if line != "..."}
    assert lines
    return lines


def test_the_example_typed_by_hand(playground: Playground, visit: Visit) -> None:
    printed = playground.run("alembic upgrade head").splitlines()
    assert recorded("upgrade.console") <= set(printed)
    assert "table series\n  series_id Int64 not null" in playground.database
    assert playground.run("alembic current").endswith("9085c679f5dc (head)")
    assert "No new upgrade operations detected." in playground.run("alembic check")
    playground.run("alembic downgrade base")
    assert "table series" not in playground.database
    assert (visit.foreign, visit.errors) == ([], [])
    found = Axe().run(playground.page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    assert found["passes"]
    assert found["violations"] == []


def test_an_edited_model(playground: Playground) -> None:
    page = playground.page
    playground.run("alembic upgrade head")
    page.get_by_role("button", name="models.py").click()
    page.get_by_text('__tablename__ = "series"').click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("rating: Mapped[int | None] = mapped_column(Integer)")
    said = playground.run("alembic revision --autogenerate -m rating")
    assert "Generating" in said
    name = re.search(r"\w+_rating\.py", said)
    assert name is not None
    page.get_by_role("button", name=name[0]).click()
    expect(page.get_by_text("op.add_column(")).to_be_visible()
    playground.run("alembic upgrade head")
    assert "rating Int64" in playground.database


def test_refusals_are_those_of_ydb(playground: Playground) -> None:
    assert playground.run("yql") == ""
    assert playground.run("CREATE TABLE t (a Int64)").splitlines()[0] == "GENERIC_ERROR"
    playground.run("exit")
    assert "Can't locate revision identified by 'nowhere'" in playground.run("alembic upgrade nowhere")
    assert "not found here" in playground.run("uvicorn app")
    said = playground.run("python -c 'import sqlalchemy; sqlalchemy.create_engine(1)'")
    assert "Traceback (most recent call last):" in said
    assert "raise exc.ArgumentError(" in said or "u = _url.make_url(url)" in said  # lines of SQLAlchemy's source


def test_stop_and_reset(playground: Playground) -> None:
    page = playground.page
    playground.run("alembic upgrade head")
    playground.run("echo kept > kept.txt")
    page.get_by_label("Command").fill("python -c 'while True: pass'")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    playground.wait()
    assert playground.run("cat kept.txt") == "kept"
    assert playground.database == "Nothing yet."
    page.get_by_label("Command").fill("python -c 'while True: pass'")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Reset").click()  # while it runs
    page.locator("dialog").get_by_role("button", name="Reset").click()
    playground.wait()
    assert "No such file" in playground.run("cat kept.txt")


def test_another_release_line(playground: Playground) -> None:
    playground.page.locator("#playground-line").select_option("25.1")
    playground.wait()
    assert "The emulator does not" not in playground.run("alembic upgrade head")


def test_a_link_and_an_archive_carry_the_files(playground: Playground, chromium: Browser) -> None:
    page = playground.page
    playground.run("echo carried > note.txt")
    page.get_by_role("button", name="Link").click()
    page.wait_for_url("**/try/#files=*")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(BytesIO(Path(download.value.path()).read_bytes())) as archive:
        assert archive.read("example/note.txt") == b"carried\n"
    other = chromium.new_page()
    other.goto(page.url)
    assert Playground(other).run("cat note.txt") == "carried"
    other.close()


def test_nothing_loads_before_the_click(visit: Visit, built: Path) -> None:
    visit.open("try/")
    assert [url for url in visit.asked if "/playground/" in url and not url.endswith("/start.js")] == []
    [folder] = (built / "try" / "playground").iterdir()
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in folder.iterdir() if path.is_file()}
    sources = sum(size for name, size in sizes.items() if name.startswith("sources-"))
    assert 0 < sources < SOURCES
    assert sum(sizes.values()) - sources < LIMIT, sizes


@pytest.mark.timeout(3600)  # some forty pages, one after another
def test_every_page_that_offers_to_run(visit: Visit, built: Path) -> None:
    [folder] = (built / "try" / "playground").glob("*/steps")
    names = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.json"))
    offering = {file for file in built.rglob("index.html") if 'run-page" href' in file.read_text()}
    assert offering == {(built if name == "index" else built / name) / "index.html" for name in names}
    page = visit.open(f"{names[0]}/")
    page.get_by_role("link", name="Run this page").click()
    for name in names:
        page.evaluate(f"location.hash = '#page={name}&block=999'")  # the address of the button, and of what to do
        title = json.loads((folder / f"{name}.json").read_text())["title"]
        status = page.get_by_role("region", name=f"Steps of the page {title}", exact=True).get_by_role("status")
        expect(status).to_contain_text("That was the last step", timeout=START)
        found = re.search(r"(\d+) of (\d+) outputs are the page's", status.inner_text())
        assert found, name
        assert found[1] == found[2] != "0", f"{name}: {status.inner_text()}"
    assert (visit.foreign, visit.errors) == ([], [])


def test_a_page_step_by_step(visit: Visit) -> None:
    page = visit.open("recipes/ttl/")
    page.get_by_role("link", name="Run this page").click()
    steps = page.get_by_role("region", name="Steps of the page TTL")
    status = steps.get_by_role("status")
    expect(steps.get_by_role("button", name="Next", exact=True)).to_be_focused(timeout=START)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the step is still running: this one does nothing
    expect(status).to_have_text(re.compile("Step 1 of 12: The output is the page's"), timeout=START)
    playground = Playground(page, is_started=True)
    playground.run("alembic downgrade -1")
    steps.get_by_role("button", name="Next", exact=True).click()
    expect(status).to_contain_text("models.py is changed")
    playground.run("rm models.py")
    steps.get_by_role("button", name=re.compile(r"^4\. ")).click()
    steps.get_by_role("button", name="Run to here").click()
    expect(status).to_contain_text("Step 3 of 12", timeout=START)
    steps.get_by_role("button", name="Next", exact=True).click()
    expect(status).to_contain_text("The output differs from the page's", timeout=START)
    expect(steps.get_by_label("The difference")).to_contain_text("No module named 'models'")
    steps.get_by_role("button", name="Run all").click()
    page.get_by_role("button", name="Stop").click()
    playground.wait()
    expect(status).to_contain_text("Restart begins the page again")
    steps.get_by_role("button", name="Restart").click()
    page.locator("dialog").get_by_role("button", name="Restart").click()
    expect(status).to_contain_text("12 steps", timeout=START)
    assert "class Episodes" in playground.run("cat models.py")
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    assert found["violations"] == []


def test_a_page_that_is_not_there(visit: Visit) -> None:
    page = visit.open("try/#page=nonsense")
    page.get_by_role("button", name="Run the page").click()
    playground = Playground(page, is_started=True)
    expect(page.get_by_role("log")).to_contain_text("no page nonsense that runs here")
    assert "models.py" in playground.run("ls")
