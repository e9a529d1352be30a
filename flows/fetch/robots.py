"""Robots.txt decisions by RFC 9309, cached for each origin."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from flows.fetch.errors import FetchError
from flows.fetch.optout import robots_opt_outs

FRESH = 24 * 3600.0
FRESH_UNREACHABLE = 600.0
MAX_DELAY = 30.0
MAX_BYTES = 512_000
# of these nothing is learnt about the site's wishes: asking for the page would fail the same way
_OWN_CLASSES = ("private_address", "scheme", "dns", "circuit_open")


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a URL may be fetched.

    Attributes:
        robots: ``allowed``, ``disallowed`` or ``unreachable`` (which forbids as well).
        rule: what decided.
        delay: Crawl-delay in seconds, capped; null where none is asked for.
        opt_outs: what the file says against text and data mining or AI, see `optout`.
    """

    robots: str
    rule: str
    delay: float | None = None
    opt_outs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    parser: Protego | None
    fixed: Decision | None
    ai_agents: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()


class Robots:
    """The robots.txt of every origin asked so far."""

    def __init__(
        self,
        user_agent: str,
        load: Callable[[str], bytes],
        clock: Callable[[], float],
    ) -> None:
        # robots.txt names the product, without version or comment
        self._agent = user_agent.split("/")[0].split(" ")[0] or user_agent
        self._load = load
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def decide(self, origin: str, url: str) -> Decision:
        """The decision for `url` of `origin` (scheme, host and port).

        Raises:
            FetchError: the host itself cannot or must not be asked.
        """
        known = self._of(origin)
        if known.parser is None:
            assert known.fixed is not None
            return known.fixed
        agent = self._agent
        delay = known.parser.crawl_delay(agent)
        allowed = known.parser.can_fetch(url, agent)
        rule = f"{origin}/robots.txt {'allows' if allowed else 'disallows'} this path to {agent}"
        capped = None if delay is None else min(max(0.0, float(delay)), MAX_DELAY)
        opt_outs = tuple(
            f"robots:{name}" for name in known.ai_agents if not known.parser.can_fetch(url, name)
        )
        return Decision(
            "allowed" if allowed else "disallowed", rule, capped, opt_outs + known.signals
        )

    def sitemaps(self, origin: str) -> list[str]:
        """URLs of the sitemaps that the robots.txt of `origin` names."""
        parser = self._of(origin).parser
        return [] if parser is None else [str(url) for url in parser.sitemaps]

    def _of(self, origin: str) -> _Known:
        with self._guard:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            known = self._known.get(origin)
            if known is None or self._clock() >= known.until:
                known = self._ask(origin)
                self._known[origin] = known
            return known

    def _ask(self, origin: str) -> _Known:
        url = f"{origin}/robots.txt"
        now = self._clock()
        try:
            body = self._load(url)
        except FetchError as error:
            if error.error_class in _OWN_CLASSES:
                raise
            if error.status is not None and 400 <= error.status < 500:
                decision = Decision("allowed", f"{url} answers {error.status}: all is allowed")
                return _Known(now + FRESH, None, decision)
            decision = Decision("unreachable", f"{url} cannot be read: {error.message}")
            return _Known(now + FRESH_UNREACHABLE, None, decision)
        text = body[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
        agents, signals = robots_opt_outs(text)
        return _Known(now + FRESH, Protego.parse(text), None, agents, signals)
