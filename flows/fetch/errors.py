"""Why a fetch failed, as a stable class and in words."""

from __future__ import annotations

from datetime import datetime


class FetchError(Exception):
    """A URL that could not be fetched.

    Attributes:
        error_class: stable id: ``robots``, ``http_404``, ``http_4xx``, ``http_5xx``, ``http_3xx``,
            ``timeout``, ``dns``, ``connect``, ``tls``, ``protocol``, ``too_large``, ``redirects``,
            ``http_2xx``, ``private_address``, ``scheme``, ``url``, ``circuit_open``, ``decode``.
        message: the same in words.
        url: the URL asked for.
        status: HTTP status where an answer came.
        robots: robots.txt decision: ``allowed``, ``disallowed``, ``unreachable`` (forbids as
            well) or ``not_applicable`` where none was made.
        robots_rule: the rule that decided.
        started_at: when the first attempt began, UTC; null while the failure is on its way up.
        seconds: how long it all took, waits included.
        attempts: requests made for the page itself.
    """

    def __init__(
        self,
        error_class: str,
        message: str,
        url: str,
        status: int | None = None,
        robots: str = "not_applicable",
        robots_rule: str | None = None,
        started_at: datetime | None = None,
        seconds: float = 0.0,
        attempts: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{url}: {message}")
        self.error_class = error_class
        self.message = message
        self.url = url
        self.status = status
        self.robots = robots
        self.robots_rule = robots_rule
        self.started_at = started_at
        self.seconds = seconds
        self.attempts = attempts
        self.retry_after = retry_after

    @property
    def retriable(self) -> bool:
        """Whether asking again may help: time-outs, 429 and 5xx only."""
        return self.error_class in ("timeout", "http_5xx") or self.status == 429

    @property
    def host_trouble(self) -> bool:
        """Whether the failure says something about the host, not about the page."""
        return self.retriable or self.error_class in ("connect", "dns", "tls")
