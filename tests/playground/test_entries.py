"""The links that the playground shows below a refusal: the entries of the page Errors as scripts search for them."""

from __future__ import annotations

import re

import pytest

from guide.site.try_it import entries

HTML = """
<h2 id="schema-changes">Schema changes</h2>
<h3 id="key"><code>Column id has wrong key type</code><a class="headerlink" href="#key">#</a></h3>
<h3 id="null"><code>Can't set NULL or optional value to not null column</code></h3>
<h3 id="precision"><code>Invalid decimal precision</code></h3>
<h3 id="element"><code>can't render element of type &lt;class 'alembic.ddl.base.ColumnComment'&gt;</code></h3>
"""


def explaining(text: str) -> list[str]:
    return [anchor for _, anchor, pattern in entries(HTML) if re.search(pattern, text)]


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("Error: Column price has wrong key type Double, code: 2003", ["key"]),
        ("Can't set NULL or optional value to not null column: a", ["null"]),
        ("Error: Invalid decimal precision: 99", ["precision"]),
        ("can't render element of type <class 'alembic.ddl.base.ColumnComment'>", ["element"]),
        ("Running upgrade  -> d91d9200b65c, create series table", []),
    ],
)
def test_an_entry_is_found(text: str, anchors: list[str]) -> None:
    assert explaining(text) == anchors


def test_the_words_are_those_of_the_page() -> None:
    assert [words for words, _, _ in entries(HTML)][3].endswith("<class 'alembic.ddl.base.ColumnComment'>")
