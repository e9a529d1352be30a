"""The HTTP client: polite, bounded, and refusing what is not the public web."""

from __future__ import annotations

import hashlib
import random
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

import httpcore
import httpx

from flows.fetch.answer import Answer, accept, retry_after, target_of
from flows.fetch.body import BadEncoding, TooLarge, read_body
from flows.fetch.errors import FetchError
from flows.fetch.host import Host, Hosts
from flows.fetch.network import Deadline, NameNotFound, PrivateAddress, checked_transport
from flows.fetch.optout import header_opt_outs
from flows.fetch.response import Response
from flows.fetch.robots import Decision, Robots
from flows.fetch.url import origin_of, parse_url

MAX_REDIRECTS = 8
MAX_WAIT = 60.0
_REDIRECTS = (301, 302, 303, 307, 308)
_KEPT = ("content-type", "etag", "last-modified")


@dataclass
class _Request:
    """One `get` under way."""

    url: str
    deadline: float
    attempts: int = 0
    decision: Decision | None = None


class Client:
    """Gets pages one at a time from each host; safe to use from several threads.

    Args:
        user_agent: names us and where to find us.
        timeout: seconds for connecting, and for each read.
        deadline: seconds for one `get` in all, redirects, retries and back-off included; the
            waits that politeness asks for come on top.
        delay: seconds between two requests to one host; a longer Crawl-delay wins.
        max_bytes: size bound of a body, on the wire and decompressed.
        attempts: tries on time-outs, 429 and 5xx.
        allow_private: also fetch private, loopback and link-local addresses.
        connections: idle connections kept.
        clock, sleep, now, jitter: time and chance, for the tests.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        timeout: float = 20.0,
        deadline: float = 60.0,
        delay: float = 1.0,
        max_bytes: int = 20_000_000,
        attempts: int = 3,
        allow_private: bool = False,
        connections: int = 16,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._deadline_seconds = deadline
        self._delay = delay
        self._max_bytes = max_bytes
        self._attempts = attempts
        self._clock, self._sleep, self._now, self._jitter = clock, sleep, now, jitter
        self._deadline = Deadline(clock)
        self._hosts = Hosts()
        self._robots = Robots(user_agent, self._load_robots, clock)
        self._http = httpx.Client(
            headers={
                "User-Agent": user_agent,
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Encoding": "gzip, deflate",
            },
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            transport=checked_transport(
                self._deadline, allow_private=allow_private, connections=connections
            ),
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def sitemaps(self, url: str) -> list[str]:
        """URLs of the sitemaps that the robots.txt of `url`'s host names; raises FetchError."""
        return self._robots.sitemaps(origin_of(parse_url(url)))

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        byte_range: tuple[int, int] | None = None,
    ) -> Response:
        """The page at `url`; with `etag` or `last_modified`, perhaps that it has not changed.

        With `byte_range` (first and last byte) the answer may have the status 206 and only these.

        Raises:
            FetchError: with the class and the robots decision.
        """
        started_at, began = self._now(), self._clock()
        request = _Request(url, began + self._deadline_seconds)
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        if byte_range is not None:
            # a position in the file is none in its compressed form
            headers |= {"Range": "bytes={}-{}".format(*byte_range), "Accept-Encoding": "identity"}
        try:
            answer, final_url = self._try(request, headers)
        except FetchError as error:
            error.url, error.started_at = url, started_at
            error.seconds, error.attempts = self._clock() - began, request.attempts
            if request.decision is not None:
                error.robots, error.robots_rule = request.decision.robots, request.decision.rule
            raise
        decision = request.decision
        return Response(
            url=url,
            final_url=final_url,
            status=answer.status,
            headers={n: answer.headers[n] for n in _KEPT if n in answer.headers},
            body=answer.body,
            sha256=hashlib.sha256(answer.body).hexdigest(),
            started_at=started_at,
            seconds=self._clock() - began,
            attempts=request.attempts,
            robots=decision.robots if decision else "not_applicable",
            robots_rule=decision.rule if decision else None,
            opt_outs=(decision.opt_outs if decision else ()) + header_opt_outs(answer.headers),
            raw_headers=tuple(answer.headers.multi_items()),
        )

    def _try(self, request: _Request, headers: dict[str, str]) -> tuple[Answer, str]:
        """The answer after as many attempts as are worth it."""
        for attempt in range(self._attempts):
            request.attempts = attempt + 1
            try:
                return self._follow(request, headers)
            except FetchError as error:
                back_off = 2.0**attempt * (0.5 + self._jitter())
                wait = max(back_off, error.retry_after or 0.0)
                left = request.deadline - self._clock()
                last = attempt + 1 == self._attempts
                if last or not error.retriable or wait > min(left, MAX_WAIT):
                    raise
                self._sleep(wait)
        raise AssertionError("at least one attempt is made")

    def _follow(self, request: _Request, headers: dict[str, str]) -> tuple[Answer, str]:
        """The answer at the end of the redirects, each hop checked like the first."""
        url = parse_url(request.url)
        for _ in range(MAX_REDIRECTS + 1):
            request.decision = self._robots.decide(origin_of(url), str(url))
            if request.decision.robots != "allowed":
                raise FetchError("robots", request.decision.rule, str(url))
            answer = self._hop(request, url, headers, request.decision.delay)
            if answer.status not in _REDIRECTS:
                return accept(answer, str(url), headers), str(url)
            url = target_of(url, answer)
        raise FetchError("redirects", f"more than {MAX_REDIRECTS} redirects", str(url))

    def _load_robots(self, robots_url: str) -> bytes:
        request = _Request(robots_url, self._clock() + self._deadline_seconds)
        url = parse_url(robots_url)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._hop(request, url, {}, None)
            if answer.status not in _REDIRECTS:
                return accept(answer, str(url), {}).body
            url = target_of(url, answer)
        raise FetchError("redirects", f"more than {MAX_REDIRECTS} redirects", str(url))

    def _hop(
        self, request: _Request, url: httpx.URL, headers: dict[str, str], delay: float | None
    ) -> Answer:
        """One request in its host's turn, its outcome counted for the host's circuit."""
        host = self._hosts.of(url.netloc.decode("ascii"))
        self._refuse_open(host, url)
        with host.turn(max(self._delay, delay or 0.0), self._clock, self._sleep) as waited:
            request.deadline += waited
            self._refuse_open(host, url)  # it may have opened while we waited
            try:
                answer = self._send(request, url, headers)
            except FetchError as error:
                host.record(error.host_trouble, self._clock())
                raise
            trouble = answer.status == 429 or answer.status >= 500
            host.record(trouble, self._clock())
            if trouble:
                pause = retry_after(answer.headers, self._now()) or 0.0
                host.next_at = max(host.next_at, self._clock() + min(pause, MAX_WAIT))
                error_class = "http_5xx" if answer.status >= 500 else "http_4xx"
                message = f"the server answers {answer.status}"
                raise FetchError(error_class, message, str(url), answer.status, retry_after=pause)
            return answer

    def _refuse_open(self, host: Host, url: httpx.URL) -> None:
        if host.is_open(self._clock()):
            message = f"{url.host} failed repeatedly and is left alone for a while"
            raise FetchError("circuit_open", message, str(url))

    def _send(self, request: _Request, url: httpx.URL, headers: dict[str, str]) -> Answer:
        self._deadline.at = request.deadline
        target = str(url)
        try:
            with self._http.stream("GET", url, headers=headers) as reply:
                answer = Answer(reply.status_code, reply.headers)
                if reply.status_code in (200, 206):
                    encoding = reply.headers.get("content-encoding")
                    answer.body = read_body(self._in_time(reply), encoding, self._max_bytes)
                return answer
        except (httpx.TimeoutException, httpcore.TimeoutException) as error:
            reason = str(error) or type(error).__name__
            raise FetchError("timeout", f"no answer in time: {reason}", target) from error
        except PrivateAddress as error:
            raise FetchError("private_address", str(error), target) from error
        except NameNotFound as error:
            raise FetchError("dns", str(error), target) from error
        except TooLarge as error:
            raise FetchError("too_large", str(error), target, 200) from error
        except BadEncoding as error:
            raise FetchError("decode", str(error), target, 200) from error
        except httpx.ConnectError as error:
            tls = isinstance(_root(error), ssl.SSLError)
            raise FetchError("tls" if tls else "connect", str(error), target) from error
        except (httpx.TransportError, httpx.InvalidURL, httpcore.ProtocolError) as error:
            reason = str(error) or type(error).__name__
            raise FetchError("protocol", f"the connection failed: {reason}", target) from error
        finally:
            self._deadline.at = None

    def _in_time(self, reply: httpx.Response) -> Iterable[bytes]:
        for chunk in reply.iter_raw():
            self._deadline.bound(None)
            yield chunk


def _root(error: BaseException) -> BaseException:
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
        if isinstance(error, ssl.SSLError):
            break
    return error
