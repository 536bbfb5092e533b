"""The copy button: what the clipboard holds after a click is what a reader wants to paste."""

import pytest
from playwright.sync_api import BrowserContext

from guide.pages import pages
from guide.reader import yql
from guide.reader.page import Block, Page
from guide.reader.roles import Role, role_of
from guide.reader.session import parse
from tests.browser.visit import Visit, url_of


def wanted(block: Block) -> str:
    """The commands of a session, the requests of YQL, the new lines of a difference; of any other block all of it.

    So it is where nothing was sent, as the client refused: there, a reader copies the words.
    """
    role = role_of(block)
    # What a page begins with is found again below: a session of it is read as a session is.
    if role in (Role.SESSION, Role.SERVER) or (role is Role.ANSWER and block.language == "console"):
        return "\n".join(command.text for command in parse(block.text))
    if role is Role.YQL or (role is Role.ANSWER and block.language == "sql"):
        return "\n\n".join(request.text for request in yql.parse(block.text))
    if role is Role.SENT:
        asked = [line for line in block.text.splitlines() if not line.startswith(yql.ANSWER)]
        return "\n".join(asked).strip("\n") or block.text.strip("\n")
    if block.language == "diff":
        new = [line[1:] for line in block.text.splitlines() if line.startswith("+")]
        return "\n".join(new).strip("\n") or block.text.strip("\n")
    return block.text.strip("\n")


@pytest.mark.parametrize("source", [page for page in pages() if page.blocks], ids=lambda page: page.name)
def test_copy(visit: Visit, context: BrowserContext, source: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open(url_of(source.path))
    # The blocks of every tab and of every fold.
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
    page.evaluate("document.querySelectorAll('.tabbed-block').forEach((tab) => { tab.style.display = 'block' })")
    shown = page.locator(".md-typeset pre")
    assert shown.count() == len(source.blocks)
    for index, block in enumerate(source.blocks):
        page.evaluate("navigator.clipboard.writeText('nothing was copied')")
        shown.nth(index).hover()
        shown.nth(index).get_by_role("button", name="Copy").click()
        assert page.evaluate("navigator.clipboard.readText()").strip("\n") == wanted(block), block


def test_the_page_itself_is_copied_as_markdown(visit: Visit, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open("recipes/ttl/")
    page.get_by_title("Copy this page as Markdown").click()
    page.get_by_title("Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("# TTL") and "--8<--" not in text
