"""A small web server on loopback whose pages the tests set."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from flows.fetch.client import Client


@dataclass
class Page:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass
class Site:
    """Pages by path; a list is answered one by one, its last for ever. Counts what was asked."""

    url: str = ""
    pages: dict[str, Page | list[Page]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def set(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Page(data, status, named)
        return self.url + path

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


@pytest.fixture
def site() -> Iterator[Site]:
    here = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            here.asked.append((self.path, headers))
            page = here.pages.get(self.path, Page(b"not here", 404))
            if isinstance(page, list):
                page = page.pop(0) if len(page) > 1 else page[0]
            if page.write is not None:
                self.close_connection = True
                with suppress(OSError):
                    page.write(self)
                return
            etag = page.headers.get("ETag")
            same = etag is not None and headers.get("if-none-match") == etag
            body = b"" if same else page.body
            self.send_response(304 if same else page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if not same:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what many tests want."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(slept: list[float]) -> Iterator[Client]:
    with Client(
        user_agent="dateline/test (+https://example.org)", delay=0, timeout=1, deadline=5,
        max_bytes=100_000, allow_private=True, sleep=slept.append, jitter=lambda: 0.5,
    ) as made:  # fmt: skip
        yield made
