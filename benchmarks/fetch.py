"""Fetching 2,000 pages from 50 hosts on this machine, with a fault in every tenth answer.

All good pages must arrive, each failure must be recorded with its class, and memory must not grow
with the number of pages. `python -m benchmarks.fetch` runs this part alone.
"""

from __future__ import annotations

import gzip
import multiprocessing
import resource
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from flows.collect import fetch_pages
from flows.fetch.archive import Archive
from flows.fetch.client import Client
from flows.plan import Planned
from flows.sources.candidate import Candidate

Row = tuple[str, str, str, bool | None]
HOSTS = 50
PAGES = 2_000
FEW = 400
BATCH = 100
LIMIT = 1_000_000
_BODY = b"<html><body>" + b"<p>The ferry to Brackwater was cancelled.</p>" * 400 + b"</body></html>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        number = int(self.path[1:]) if self.path[1:].isdigit() else None
        if number is None:
            self._answer(404, b"")
        elif number % 10:
            self._answer(200, _BODY)
        else:
            _, _, write = FAULTS[number // 10 % len(FAULTS)]
            self.close_connection = True
            with suppress(OSError):
                write(self)

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _endless(handler: _Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"<p>" + b"x" * 65_536)


def _short(handler: _Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<p>half")


def _slow(handler: _Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "50000")
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b"x")
        time.sleep(0.1)


def _reset(handler: _Handler) -> None:
    linger = (1).to_bytes(4, sys.byteorder) + (0).to_bytes(4, sys.byteorder)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()


# name, class of the failure it must be recorded as, and what the server does
FAULTS: tuple[tuple[str, str, Callable[[_Handler], None]], ...] = (
    ("gone", "http_404", lambda h: h._answer(410, b"")),
    ("forbidden", "http_4xx", lambda h: h._answer(403, b"")),
    ("broken", "http_5xx", lambda h: h._answer(500, b"")),
    ("redirect loop", "redirects", lambda h: h._answer(302, b"", Location=h.path)),
    ("no web address", "scheme", lambda h: h._answer(302, b"", Location="file:///etc/passwd")),
    ("zip bomb", "too_large",
     lambda h: h._answer(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")),
    ("no gzip", "decode", lambda h: h._answer(200, b"plain", Content_Encoding="gzip")),
    ("endless", "too_large", _endless),
    ("lying length", "protocol", _short),
    ("slow", "timeout", _slow),
    ("reset", "protocol", _reset),
)  # fmt: skip


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A client that hangs up on a bomb is what is wanted."""


def _serve(ready: multiprocessing.SimpleQueue[int]) -> None:
    server = _Server(("0.0.0.0", 0), _Handler)
    ready.put(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Event().wait()


def _fetch(port: int, pages: int, folder: str, out: multiprocessing.SimpleQueue[object]) -> None:
    """Fetch `pages` pages as an ingest does, batch by batch into an archive."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    urls = [f"http://127.0.1.{n % HOSTS + 1}:{port}/{n}" for n in range(pages)]
    wrong: list[str] = []
    classes: Counter[str] = Counter()
    good = 0
    clock = time.perf_counter()
    client = Client(
        user_agent="dateline-bench/1", allow_private=True, delay=0, attempts=1, timeout=3,
        deadline=6, max_bytes=LIMIT,
    )  # fmt: skip
    with client, closing(Archive(Path(folder), "bench", now, None)) as archive:
        for first in range(0, pages, BATCH):
            planned = [Planned(Candidate("bench", url)) for url in urls[first : first + BATCH]]
            for done in fetch_pages(planned, client, run_id="bench", connections=16):
                number = int(str(done.record["url"]).rsplit("/", 1)[1])
                error = done.record.get("error_class")
                wanted = None if number % 10 else FAULTS[number // 10 % len(FAULTS)][1]
                if error != wanted:
                    wrong.append(f"{done.record['url']}: {error} instead of {wanted}")
                classes[str(error)] += error is not None
                good += done.item is not None and done.item.body == _BODY
                archive.add(done.record, done.item, done.response)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    out.put((good, dict(classes), wrong, time.perf_counter() - clock, peak))


def fetch() -> Iterator[Row]:
    """What arrived, how failures were recorded, and peak memory at a fifth and at all pages."""
    context = multiprocessing.get_context("spawn")
    ready: multiprocessing.SimpleQueue[int] = context.SimpleQueue()
    server = context.Process(target=_serve, args=(ready,), daemon=True)
    server.start()
    port = ready.get()
    peaks = []
    try:
        for pages in (FEW, PAGES):
            out: multiprocessing.SimpleQueue[object] = context.SimpleQueue()
            with tempfile.TemporaryDirectory() as folder:
                worker = context.Process(target=_fetch, args=(port, pages, folder, out))
                worker.start()
                good, classes, wrong, seconds, peak = out.get()  # type: ignore[misc]
                worker.join()
            peaks.append(peak)
    finally:
        server.terminate()
    bad = PAGES // 10
    yield (
        f"fetch of {PAGES} pages, {HOSTS} hosts, {bad} faults",
        f"{good} of {PAGES - bad} good ones arrived, {sum(classes.values())} failures in"
        f" {len(classes)} classes, {len(wrong)} in a wrong one{': ' + wrong[0] if wrong else ''}",
        "all, none", good == PAGES - bad and not wrong,
    )  # fmt: skip
    yield "  pages per second, faults included", f"{PAGES / seconds:.0f}", "", None
    yield (
        f"  peak memory, {FEW} and {PAGES} pages",
        f"{peaks[0] / 1e6:.0f} and {peaks[1] / 1e6:.0f} MB, ratio {peaks[1] / peaks[0]:.2f}",
        "at most 1.10", peaks[1] / peaks[0] <= 1.10,
    )  # fmt: skip


if __name__ == "__main__":
    for row in fetch():
        print(*row[:3], "" if row[3] is None else "yes" if row[3] else "NO", sep="  ")
