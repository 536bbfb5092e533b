"""The changelog as an Atom feed (RFC 4287). Addresses in it are relative to its own, so that it holds on any host."""

from __future__ import annotations

import re
import uuid
from html import unescape
from xml.etree import ElementTree

import markdown

ENTRY = re.compile(r"^- (\d{4}-\d\d-\d\d): (.+(?:\n  .+)*)", re.MULTILINE)
ATOM = "http://www.w3.org/2005/Atom"


def feed(title: str, changelog: str) -> str:
    """Out: the feed's XML. In: its title, and a text with items such as `- 2026-11-23: what has changed.`"""
    ElementTree.register_namespace("", ATOM)
    entries = ENTRY.findall(changelog)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _head(root, title, max(date for date, _ in entries), identity=title)
    _add(_add(root, "author"), "name", title)
    _add(root, "link", rel="self", href="feed.xml")
    for date, text in entries:
        html = markdown.markdown(" ".join(text.split()))
        entry = _add(root, "entry")
        _head(entry, unescape(re.sub("<[^>]+>", "", html)), date, identity=f"{date}: {text}")
        _add(entry, "link", href="changelog/")
        _add(entry, "content", html, type="html")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _head(node: ElementTree.Element, title: str, date: str, identity: str) -> None:
    """What a feed and each of its entries must have. The id may never change, so the same words make the same one."""
    _add(node, "id", uuid.uuid5(uuid.NAMESPACE_URL, identity).urn)
    _add(node, "title", title)
    _add(node, "updated", f"{date}T00:00:00Z")


def _add(node: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(node, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child
