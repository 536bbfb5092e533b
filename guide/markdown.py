"""Text as Markdown that shows it."""

import re


def code(text: str) -> str:
    """A text as inline code, whatever it holds."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def escape(text: str) -> str:
    """A text as Markdown that shows it."""
    return re.sub(r"([\\`*{}\[\]<>#|]|\b_|_\b)", r"\\\1", text)
