"""Tables: a head that stays in sight, and on a phone rows that say what each cell is."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit


def long(page: Page) -> Locator:
    """The first table with many rows."""
    return page.locator("table").filter(has=page.locator("tbody tr:nth-child(15)")).first


def lines(name: Locator) -> list[str]:
    """What stands in each line of a name."""
    found: list[str] = name.evaluate(
        """name => {
            const texts = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
            const lines = new Map();
            while (texts.nextNode()) {
                for (let at = 0; at < texts.currentNode.length; at++) {
                    const range = document.createRange();
                    range.setStart(texts.currentNode, at);
                    range.setEnd(texts.currentNode, at + 1);
                    const { top } = range.getBoundingClientRect();
                    lines.set(top, (lines.get(top) ?? "") + range);
                }
            }
            return [...lines.values()];
        }"""
    )
    return found


def test_on_a_phone_a_row_is_a_card(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    page = visit.open("reference/costs/")
    row = long(page).locator("tbody tr").first
    assert row.evaluate("row => row.scrollWidth <= innerWidth")
    label = row.locator("td").nth(1).evaluate("cell => getComputedStyle(cell, '::before').content")
    assert label == '"takes"'
    expect(row.get_by_role("cell").first).to_be_visible()


def test_on_a_phone_a_long_name_takes_no_room_from_the_other_column(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    page = visit.open("operate/watching/")
    row = page.locator("tbody tr", has_text="top_queries_by_duration").first
    assert row.evaluate("row => row.scrollWidth <= innerWidth")
    assert (
        row.locator("td").first.evaluate("cell => cell.offsetHeight / parseFloat(getComputedStyle(cell).lineHeight)")
        < 3
    )


def test_the_head_of_a_long_table_stays_in_sight(visit: Visit) -> None:
    page = visit.open("reference/costs/")
    table = long(page)
    table.locator("tbody tr").nth(14).scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    expect(table.locator("th").first).to_be_in_viewport()


def test_on_a_phone_a_long_name_goes_on_after_one_of_its_words(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    page = visit.open("setup/login/")
    name = page.locator("td code", has_text="YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS").first
    assert lines(name) == ["YDB_SERVICE_ACCOUNT_KEY_FILE_", "CREDENTIALS"]
    page.set_viewport_size({"width": 1440, "height": 900})
    assert lines(name) == ["YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS"]


def test_on_a_phone_the_name_of_a_file_does_so(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    page = visit.open("example/")
    name = page.locator(".filename", has_text="_name_of_your_migration.py")
    assert [line.rstrip("_/")[-4:] for line in lines(name)] == ["name", "n.py"]
    assert name.text_content() == "migrations/versions/c2262c4f5833_name_of_your_migration.py"
