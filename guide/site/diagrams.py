"""`make diagrams`: draw docs/images/*.mmd as SVG, with Mermaid in a browser. Nothing else needs npm and Chromium.

Each picture ends with the hash of its source, so that a test can tell when the two no longer belong together.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from guide.paths import ROOT

MERMAID = "@mermaid-js/mermaid-cli@12.2.0"
SOURCES = sorted((ROOT / "docs" / "images").glob("*.mmd"))
# No HTML in the picture, which a browser does not show in an <img>; no font but the reader's. The colors are those of
# docs/stylesheets/colors.css on paper; on a dark page the style sheet turns them, so the ground is left out.
INK, MUTED, PETROL, TINT, COPPER, NOTE = "#0e222b", "#566369", "#0a5767", "#e2eef0", "#a2461b", "#fbe8c8"
LOOK = {
    "theme": "base",
    "themeVariables": {
        "background": "transparent",
        "primaryColor": TINT,
        "primaryBorderColor": PETROL,
        "primaryTextColor": INK,
        "secondaryColor": NOTE,
        "tertiaryColor": "#f6f3ed",
        "lineColor": MUTED,
        "textColor": INK,
        "actorBkg": TINT,
        "actorBorder": PETROL,
        "actorTextColor": INK,
        "actorLineColor": "#b9b1a3",
        "signalColor": MUTED,
        "signalTextColor": INK,
        "noteBkgColor": NOTE,
        "noteBorderColor": COPPER,
        "noteTextColor": INK,
        "edgeLabelBackground": "#fefdfb",
    },
    "fontFamily": "sans-serif",
    "htmlLabels": False,
    "flowchart": {"htmlLabels": False, "wrappingWidth": 400},
    "sequence": {"mirrorActors": False, "diagramMarginX": 10},
}


def stamp(source: Path) -> str:
    """What the picture of a source ends with."""
    return f"<!-- {source.name}: sha256 {hashlib.sha256(source.read_bytes()).hexdigest()} -->\n"


def main() -> int:
    npx, browser = shutil.which("npx"), shutil.which("chromium") or shutil.which("chromium-browser")
    if not npx or not browser:
        print("diagrams are drawn with npm and Chromium: install both, and put them on PATH", file=sys.stderr)
        return 1
    # As root, a browser starts only without its sandbox; it sees nothing but the sources.
    launch = {"executablePath": browser, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}
    with tempfile.TemporaryDirectory() as folder:
        look, start = Path(folder, "look.json"), Path(folder, "browser.json")
        look.write_text(json.dumps(LOOK))
        start.write_text(json.dumps(launch))
        for source in SOURCES:
            drawn = Path(folder, "drawn.svg")
            command: list[str | Path] = [npx, "--yes", MERMAID, "--quiet", "--input", source, "--output", drawn]
            command += ["--configFile", look, "--puppeteerConfigFile", start, "--backgroundColor", "transparent"]
            subprocess.run(command, check=True, env={**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"})
            source.with_suffix(".svg").write_text(drawn.read_text() + "\n" + stamp(source))
            print(source.with_suffix(".svg").relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
