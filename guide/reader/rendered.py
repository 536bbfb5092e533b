"""What a browser would show of a page: its `<pre>` elements, and the tabs that each stands in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(frozen=True)
class Tab:
    """One of several tabs: the labels of all of them, and its own. A reader follows one of them."""

    labels: tuple[str, ...]
    label: str


@dataclass
class _Set:
    """Tabs while their HTML is read: the labels come first, then a `<div>` for each tab."""

    labels: list[str] = field(default_factory=list)
    index: int = -1


class Rendered(HTMLParser):
    """Reads a page's HTML: the tabs around each `<pre data-block="N">`, by N, and how many other `<pre>` there are.

    Tabs are those of pymdownx.tabbed with `alternate_style`. Raises ValueError for HTML that is not whole.
    """

    def __init__(self, html: str):
        super().__init__()
        self.blocks: dict[int, tuple[Tab, ...]] = {}
        self.others = 0
        self._sets: list[_Set | None] = []  # one for each open <div>
        self._in_label = False
        try:
            self.feed(html)
        except (AssertionError, IndexError, StopIteration, ValueError) as error:
            raise ValueError("HTML that is not whole: it has a </div> without its <div>, or the like") from error

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "div":
            classes = (values.get("class") or "").split()
            if "tabbed-block" in classes:
                next(tabs for tabs in reversed(self._sets) if tabs).index += 1
            self._sets.append(_Set() if "tabbed-set" in classes else None)
        elif tag == "label" and self._around:
            self._around[-1].labels.append("")
            self._in_label = True
        elif tag == "pre" and (number := values.get("data-block")):
            tabs = tuple(Tab(tuple(found.labels), found.labels[found.index]) for found in self._around)
            self.blocks[int(number)] = tabs
        elif tag == "pre":
            self.others += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._sets.pop()
        elif tag == "label":
            self._in_label = False

    def handle_data(self, data: str) -> None:
        if self._in_label:
            self._around[-1].labels[-1] += data

    @property
    def _around(self) -> list[_Set]:
        return [tabs for tabs in self._sets if tabs]
