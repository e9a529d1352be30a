"""A small news site on loopback: two outlets, each with a port of its own, over real HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from flows.demo.article import DemoArticle, load_articles
from flows.demo.pages import HTML, Page, gazette, harbour_post, http_date, path_of, render_outlet

HOST = "127.0.0.1"


class SiteSource(NamedTuple):
    """A source to configure: the fields of flows.settings.SourceSettings."""

    id: str
    kind: str
    location: str


class Site:
    """The demonstration site while it is entered as a context.

    The bytes of a page depend on the ports alone, never on a clock: give ports to have the same
    addresses again.
    """

    def __init__(self, ports: tuple[int, int] = (0, 0)) -> None:
        self._ports = ports
        self._servers: list[_Server] = []
        self._articles = load_articles()

    def __enter__(self) -> Self:
        try:
            for port in self._ports:
                self._servers.append(_Server(port))
        except OSError:
            self._close()
            raise
        self._publish(self._articles)
        for server in self._servers:
            Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.shutdown()
        self._close()

    @property
    def url(self) -> str:
        """Origin of the first outlet, the Gazette."""
        return self._servers[0].origin

    @property
    def outlets(self) -> dict[str, str]:
        """Origin of each outlet by its key."""
        return {
            "gazette": self._servers[0].origin,
            "harbour-post": self._servers[1].origin,
        }

    @property
    def sources(self) -> tuple[SiteSource, ...]:
        """The sources that lead to every article."""
        first, second = self.outlets.values()
        return (
            SiteSource("gazette", "feed", f"{first}/gazette/rss.xml"),
            SiteSource("gazette-sitemap", "sitemap", f"{first}/gazette/news-sitemap.xml"),
            SiteSource("harbour-post", "feed", f"{second}/harbour-post/atom.xml"),
        )

    def address(self, slug: str) -> str:
        """The URL of an article.

        Raises:
            KeyError: there is no such article.
        """
        article = {a.slug: a for a in self._articles}[slug]
        return self.outlets[article.outlet] + path_of(article)

    def publish_correction(self) -> str:
        """Mend the article that has a correction, on its page and in the feeds; its URL."""
        self._articles = tuple(article.corrected() for article in self._articles)
        self._publish(self._articles)
        return next(self.address(a.slug) for a in self._articles if a.correction is not None)

    def _publish(self, articles: tuple[DemoArticle, ...]) -> None:
        first, second = self._servers
        # one assignment each: a request sees the pages of before or those of after
        first.pages = render_outlet(gazette(first.origin), articles)
        second.pages = render_outlet(harbour_post(second.origin), articles)

    def _close(self) -> None:
        for server in self._servers:
            server.server_close()
        self._servers.clear()


class _Server(ThreadingHTTPServer):
    """A host with its pages by path."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.pages: Mapping[str, Page] = {}

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event."""


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, and asks of a page's validators."""

    server: _Server
    protocol_version = "HTTP/1.1"
    # headers and body are two writes, and the second would wait for an acknowledgement
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        page = self.server.pages.get(urlsplit(self.path).path)
        if page is None:
            body = b"<!doctype html><title>Not found</title><h1>This page does not exist</h1>\n"
            self._send(HTTPStatus.NOT_FOUND, {"Content-Type": HTML}, body, with_body)
            return
        validators = {"ETag": page.etag, "Last-Modified": http_date(page.modified)}
        if self._is_known(page):
            self._send(HTTPStatus.NOT_MODIFIED, validators, b"", False)
            return
        headers = {"Content-Type": page.content_type, **validators}
        self._send(HTTPStatus.OK, headers, page.body, with_body)

    def _is_known(self, page: Page) -> bool:
        """Whether the client holds this page already (RFC 9110: a tag beats a date)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
            return page.etag in known or "*" in known
        since = self.headers.get("If-Modified-Since")
        if since is not None:
            with suppress(ValueError, TypeError):
                return page.modified <= parsedate_to_datetime(since)
        return False

    def _send(
        self, status: HTTPStatus, headers: Mapping[str, str], body: bytes, with_body: bool
    ) -> None:
        # without Date, which a server that has no clock must leave out
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the client tells what happened."""
