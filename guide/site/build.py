"""Building the site to publish."""

import os
import subprocess
import sys
from pathlib import Path

from guide.paths import ROOT


def build(folder: Path, playground: bool = False) -> subprocess.CompletedProcess[str]:
    """Build the site to publish into a folder, as `make build` does; with the playground it needs npm.

    Out: how that went. Whoever calls looks at it.
    """
    site = os.path.relpath(folder, ROOT)  # relative, as in the Makefile
    script = 'set -e; "$0" -m mkdocs build --strict --site-dir "$1"; "$0" -m guide.site.publish "$1"'
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PUBLISHED": "true"}
    environment["PLAYGROUND"] = str(playground).lower()
    return subprocess.run(
        ["bash", "-c", script, sys.executable, site], cwd=ROOT, env=environment, capture_output=True, text=True
    )
