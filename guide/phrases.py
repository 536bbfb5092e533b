"""Words that read as translated, and what a native writer says instead: `python -m guide.phrases`, for `make lint`.

In: the pages but for the lists of proofs, README.md and CONTRIBUTING.md. Out: a line for each find, status 1 if there
is one.
"""

import re
import sys

from .paths import PAGES, ROOT
from .prose import SPAN, blank, line, prose

INSTEAD = {
    r"anew|make[sd]? \w+ anew": "again, or recreate",
    r"mend(?:s|ed|ing)?": "fix",
    r"goes? on|went on|going on|gone on": "continue",
    r"(?:that|which|who) (?:is|are|was|were) there(?! to)": "existing",
    r"(?:has|have|had) an end": "ends, or expires",
    r"at hand": "you have",
    r"tells? of": "reports, or says",
    r"without a word|says? nothing of": "silently",
    r"in vain": "without effect",
    r"for ever": "forever",
    r"in so many words": "exactly",
    r"in one's stead|in its stead": "instead",
    r"a row more": "another row",
    r"nothing but": "only",
    r"all the same": "anyway",
    r"meanwhile one": "in the meantime",
    r"such that|so as to": "so that",
    r"whosoever|hitherto|therein|thereof|wherein|hence|thus": "a plain word",
    r"simply|just|easily|obviously": "nothing",
    r"[aA] YDB(?! (?:client|cluster|database|schema|server|table|type|user))": "a YDB server, or YDB",
}


def finds(text: str) -> list[tuple[int, str, str]]:
    """What is found in a page's prose: line, the words, what to write instead."""
    words = blank(prose(text), SPAN)
    found = [
        (line(words, match.start()), match[0], instead)
        for phrase, instead in INSTEAD.items()
        for match in re.finditer(rf"(?<![\w-])(?:{phrase})(?![\w-])", words)
    ]
    return sorted(set(found))


def main() -> int:
    status = 0
    for path in [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for number, words, instead in finds(path.read_text()):
            print(f"{path.relative_to(ROOT)}:{number}: {words!r}: write {instead}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
