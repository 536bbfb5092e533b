"""What a page says of itself to search engines, and to whoever is sent its address: a description and a card.

The description is that of the front matter, or else the page's first paragraph. A card is a title, the description and,
where the site has an address (SITE_URL), a picture: whoever shows a card wants whole addresses.
"""

from __future__ import annotations

import re
from html import escape, unescape

LEAD = re.compile(r"</h1>.*?<p>(.*?)</p>", re.DOTALL)
WRITTEN = re.compile(r'<meta name="description" content="[^"]*">')
TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
LONGEST = 200
"""Letters of a description. What shows it cuts it off there."""
CARD = "images/brand/card.png"


def lead(html: str) -> str:
    """The first paragraph below a page's title, as plain text; empty if there is none."""
    found = LEAD.search(html)
    return _plain(found[1]) if found else ""


def title(html: str) -> str:
    """The title of a page, as plain text; empty if there is none."""
    found = TITLE.search(html)
    return _plain(re.sub(r'<a class="headerlink".*?</a>', "", found[1])) if found else ""


def shortened(text: str) -> str:
    """As many whole sentences as fit, or else as many words, with an ellipsis."""
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 1]
    sentences = re.match(r".*[.!?](?=\s)", cut)
    return sentences[0] if sentences else cut.rpartition(" ")[0].rstrip(",;:") + "…"


def described(html: str, site: str, text: str, address: str) -> str:
    """The page with its description and card.

    In: a built page, the site's name, the description (whole), the site's address or an empty text. Raises ValueError
    for a page without the theme's description.
    """
    text = shortened(text)
    facts = {"og:type": "article", "og:site_name": site, "og:title": title(html) or site, "og:description": text}
    if address:
        canonical = re.search(r'<link rel="canonical" href="([^"]*)">', html)
        facts |= {"og:url": unescape(canonical[1])} if canonical else {}
        facts |= {"og:image": f"{address.rstrip('/')}/{CARD}", "twitter:card": "summary_large_image"}
    tags = [f'<meta name="description" content="{escape(text)}">']
    tags += [f'<meta property="{name}" content="{escape(value)}">' for name, value in facts.items()]
    written, count = WRITTEN.subn(lambda _: "\n      ".join(tags), html, count=1)
    if not count:
        raise ValueError("the page has no description to put this one in its place")
    return written


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
