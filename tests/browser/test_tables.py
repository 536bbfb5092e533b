"""Tables: a head that stays in sight, and on a phone rows that say what each cell is."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit


def long(page: Page) -> Locator:
    """The first table with many rows."""
    return page.locator("table").filter(has=page.locator("tbody tr:nth-child(15)")).first


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
