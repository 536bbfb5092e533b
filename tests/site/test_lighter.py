"""What the published site leaves out, and what stays as it is."""

import json
from pathlib import Path

import pytest

from guide.site import lighter


def test_one_file_is_loaded_in_place_of_several(tmp_path: Path) -> None:
    styles, scripts = ["stylesheets/a.css", "stylesheets/b.css"], ["javascripts/a.js"]
    for name in ("stylesheets/a.css", "stylesheets/b.css", "stylesheets/home.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"/* {name} */\np {{\n  color: red;\n}}\n")
    (tmp_path / "javascripts").mkdir()
    (tmp_path / "javascripts" / "a.js").write_text("// one\nfor (;;) {\n  // two\n  f(`//`);\n}\n")
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "search_index.json").write_text('{"docs": []}')
    (tmp_path / "x").mkdir()
    page = tmp_path / "x" / "index.html"
    page.write_text(
        '<link rel="stylesheet" href="../stylesheets/a.css"><link rel="stylesheet" href="../stylesheets/b.css">'
        '<link rel="stylesheet" href="../stylesheets/home.css"><script src="../javascripts/a.js"></script>'
    )
    lighter.lighten(tmp_path, styles, scripts)
    assert page.read_text() == (
        '<link rel="stylesheet" href="../stylesheets/site.css">'
        '<link rel="stylesheet" href="../stylesheets/home.css"><script src="../javascripts/site.js"></script>'
    )
    rule = "p {\ncolor: red;\n}\n"
    assert (tmp_path / "stylesheets" / "site.css").read_text().split() == (rule * 2).split()
    assert (tmp_path / "stylesheets" / "home.css").read_text() == rule
    assert (tmp_path / "javascripts" / "site.js").read_text() == "for (;;) {\nf(`//`);\n}\n"
    assert not (tmp_path / "stylesheets" / "a.css").exists()


def test_the_search_leaves_out_long_blocks() -> None:
    long = "<pre><code>" + "a\n" * (lighter.LONG + 1) + "</code></pre>"
    short = "<pre><code>b\n</code></pre>"
    before = json.dumps({"docs": [{"text": f"<p>one</p>{long}<p>two</p>{short}"}]})
    assert json.loads(lighter.index(before)) == {"docs": [{"text": f"<p>one</p><p>two</p>{short}"}]}


def test_a_text_of_several_lines_in_a_script_is_refused() -> None:
    with pytest.raises(ValueError, match="several lines"):
        lighter.js("f(`one\n  two`)\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a{b:c}[dir=rtl] a{b:d}", "a{b:c}"),
        ("@media screen{[dir=ltr] a,[dir=rtl] b{c:d}}", "@media screen{[dir=ltr] a{c:d}}"),
        (
            "a{}[data-md-color-primary=red]{b:c}[data-md-color-primary=custom]{b:d}",
            "a{}[data-md-color-primary=custom]{b:d}",
        ),
        ("a{}b:is(c,d),e{f:g}", "a{}b:is(c,d),e{f:g}"),
    ],
)
def test_rules_that_match_nothing_are_left_out(before: str, after: str) -> None:
    assert lighter.matching(before) == after


def test_blanks_stay_where_they_have_a_meaning() -> None:
    code = '<div class="language-python highlight"><pre><span class="n">a</span>\n\n  <span class="k">in</span></pre>'
    html = f"<p>\n  one\n  two  three\n\n</p>\n<!-- no -->\n{code}\n<script>a\n\n  b</script>"
    assert lighter.tight(html) == (
        '<p>\none\ntwo  three\n</p>\n<div class="language-python highlight"><pre>a\n\n  <span class="k">in</span></pre>'
        "\n<script>a\n\n  b</script>"
    )


def test_words_of_yql_stay_marked() -> None:
    html = '<div class="language-sql highlight"><pre><span class="n">TTL</span></pre></div>'
    assert lighter.tight(html) == html
