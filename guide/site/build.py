"""Building the site to publish."""

import os
import subprocess
import sys
from pathlib import Path

from mkdocs.config import load_config

from guide.paths import ROOT
from guide.site.publish import publish


def build(folder: Path, playground: bool = False) -> subprocess.CompletedProcess[str]:
    """Build the site to publish into a folder, as `make build` does; with the playground it needs npm.

    Out: how MkDocs went. Whoever calls looks at it. What is not built is not published.
    """
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    command += ["--site-dir", os.path.relpath(folder, ROOT)]  # relative, as in the Makefile
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PUBLISHED": "true"}
    environment["PLAYGROUND"] = str(playground).lower()
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if not run.returncode:
        config = load_config(str(ROOT / "mkdocs.yml"))
        config.extra["playground"] = playground
        publish(folder, config)  # here, where the pages have been read
    return run
