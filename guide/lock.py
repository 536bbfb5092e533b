"""What the guide's lock file pins."""

import re

from guide.paths import ROOT


def locked(package: str) -> str:
    """`package==version` as requirements.lock pins it. Raises LookupError where it doesn't."""
    found = re.search(rf"^{re.escape(package)}==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    if found is None:
        raise LookupError(f"{package} is not in requirements.lock")
    return found[0]
