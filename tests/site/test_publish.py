"""What the published site has more than the source: the button that runs a page in the browser."""

from guide.site.publish import _with_run

BUTTON = '<a class="run-page" href="../try/#page=recipes/ttl">Run this page</a>'


def test_the_button_stands_before_the_title() -> None:
    page = '<article><h1 id="ttl">TTL</h1><p>Text.</p><h2>More</h2><p><a class="md-button" href="x/">X</a></p>'
    assert _with_run(page, "../try", "recipes/ttl") == page.replace("<h1", f"{BUTTON}<h1")


def test_the_button_is_the_last_of_those_that_a_page_begins_with() -> None:
    page = '<h1>Home</h1><p>Text.</p><p><a class="md-button md-button--primary" href="a/">A</a>\n' + (
        '<a class="md-button" href="b/">B</a></p><h2>More</h2>'
    )
    button = BUTTON.replace("run-page", "md-button run-page")
    assert _with_run(page, "../try", "recipes/ttl") == page.replace("B</a>", f"B</a>\n{button}")
