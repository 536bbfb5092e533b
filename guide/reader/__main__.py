"""`python -m guide.reader PAGE`: follow a page on a fresh emulator, and show it. Each command is a new process."""

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path

from . import warm
from .engine import embedded
from .errors import ReaderError
from .page import load_site
from .shell import heed_interrupts
from .walk import walk
from .way import choices


def main() -> int:
    """Out: 0 if the page tells the truth, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m guide.reader", description=__doc__)
    parser.add_argument("page", type=Path, help="a page of the site, for example docs/index.md")
    parser.add_argument("--config", type=Path, default=Path("mkdocs.yml"), help="the site (default: mkdocs.yml)")
    arguments = parser.parse_args()
    heed_interrupts()
    warm.allowed = False
    try:
        site = load_site(arguments.config)
        for choice in choices(site, arguments.page):
            if choice:
                print(f"# The tabs {', '.join(tab.label for tab in choice)}", end="\n\n")
            with embedded() as engine, tempfile.TemporaryDirectory() as scratch:
                report = partial(print, end="\n\n")
                walk(site, arguments.page, engine, Path(scratch), choice=choice, report=report)
    except ReaderError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
