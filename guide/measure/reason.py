"""Why something failed, in one line."""

from __future__ import annotations

import re


def reason(error: Exception) -> str:
    """An exception in one line: its class, and what it says at the very bottom."""
    said = getattr(error, "orig", None) or error
    messages = re.findall(r'message: "((?:[^"\\]|\\.)+)"', str(said))
    if told := [message for message in messages if not message.startswith("Query invalidated")]:
        return f"{type(error).__name__}: {told[-1].encode().decode('unicode_escape')}"
    while said.__cause__ is not None:  # the driver's own exception does not say what it was about
        said = said.__cause__
    text = f"{type(error).__name__}: {said}" if said is error else f"{type(error).__name__}: {said!r}"
    return _short(re.sub(r" at 0x[0-9a-f]+", "", text.split("\n")[0]), 160)


def _short(text: str, size: int = 60) -> str:
    return text if len(text) <= size else text[: size - 3] + "..."
