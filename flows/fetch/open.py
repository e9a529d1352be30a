"""The HTTP client that the settings ask for."""

from __future__ import annotations

from flows.fetch.client import Client
from flows.settings import FetchSettings


def make_client(settings: FetchSettings) -> Client:
    """The HTTP client that the settings ask for."""
    return Client(
        user_agent=settings.user_agent,
        timeout=settings.timeout,
        deadline=settings.deadline,
        delay=settings.delay,
        max_bytes=settings.max_bytes,
        attempts=settings.attempts,
        allow_private=settings.allow_private,
        connections=settings.connections,
    )
