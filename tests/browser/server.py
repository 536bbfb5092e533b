"""A web server for the built site, as plain as the site needs: files, compressed where a host compresses them."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

COMPRESSED = {".css", ".html", ".js", ".json", ".md", ".svg", ".txt"}


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, asked: list[str], **more: Any) -> None:
        self._asked = asked
        super().__init__(*arguments, **more)

    def send_head(self):
        self._asked.append(self.path)
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() and self.path.endswith("/") else path
        if path.suffix not in COMPRESSED or not path.is_file():
            return super().send_head()
        body = gzip.compress(path.read_bytes(), 9)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def log_message(self, *_: object) -> None:
        """The tests tell what goes wrong."""


@contextmanager
def served(folder: Path, asked: list[str] | None = None) -> Iterator[str]:
    """Serve a folder on a free port, and add the paths that are asked for. Out: its address, which ends in a slash."""
    handler = partial(_Handler, directory=str(folder), asked=[] if asked is None else asked)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
