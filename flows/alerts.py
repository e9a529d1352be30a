"""Alerts: one digest a run of what is wrong, what is new of it, and what has recovered.

A channel is a class with `send`. What has been told is remembered in ``alerts.json`` beside the
catalog, so that a trouble which stays is told again once a day and not with every run, and one
that has passed is told once. Secrets come from the environment, by the names that the settings
give, and are in no message.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

import duckdb
import httpx

from flows.settings import AlertSettings, Settings
from flows.status import RUN_FAILED, Status, Trouble, read_status
from warehouse.lake import WarehouseError

REPEAT = timedelta(hours=20)
"""How long a trouble that stays is not told again: every night, whatever the minute it runs."""

TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told about a run."""

    run_id: str
    at: datetime
    new: tuple[Trouble, ...]
    lasting: tuple[Trouble, ...]
    recovered: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The digest in one line."""
        if not self.new and not self.lasting:
            return f"Dateline: recovered, {len(self.recovered)} troubles are over"
        return (
            f"Dateline: {len(self.new)} new, {len(self.lasting)} lasting,"
            f" {len(self.recovered)} recovered"
        )

    @property
    def text(self) -> str:
        """The digest for people."""
        lines = [f"Run {self.run_id}", ""]
        for title, troubles in (("New", self.new), ("Lasting", self.lasting)):
            if troubles:
                lines.append(f"{title}:")
                for one in troubles:
                    lines.append(f"- [{one.severity}, {one.owner}] {one.words}")
                    lines += [f"  {one.hint}"] if one.hint else []
                lines.append("")
        if self.recovered:
            lines += ["Recovered:", *(f"- {words}" for words in self.recovered), ""]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The digest for machines."""

        def plain(troubles: Sequence[Trouble]) -> list[dict[str, Any]]:
            return [
                {"key": t.key, "severity": t.severity, "words": t.words, "owner": t.owner,
                 "hint": t.hint} for t in troubles
            ]  # fmt: skip

        return {
            "run_id": self.run_id,
            "at": self.at.isoformat(),
            "text": f"{self.subject}\n{self.text}",  # what chat programs show
            "new": plain(self.new),
            "lasting": plain(self.lasting),
            "recovered": list(self.recovered),
        }


class Channel(Protocol):
    """One way to reach people."""

    def send(self, digest: Digest) -> None:
        """Deliver the digest, or raise."""
        ...


@dataclass(frozen=True, slots=True)
class FileChannel:
    """A file that a line of JSON is added to for each digest."""

    path: Path

    def send(self, digest: Digest) -> None:
        """Add a line."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(digest.to_json(), ensure_ascii=False) + "\n")


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """An address that JSON is posted to; it is a secret, for whoever has it may post."""

    variable: str

    def send(self, digest: Digest) -> None:
        """Post the digest."""
        answer = httpx.post(_secret(self.variable), json=digest.to_json(), timeout=TIMEOUT)
        if answer.is_error:
            raise OSError(f"the webhook answers {answer.status_code}")


@dataclass(frozen=True, slots=True)
class MailChannel:
    """A mail server; TLS unless the settings say that the server is on this machine."""

    settings: AlertSettings

    def send(self, digest: Digest) -> None:
        """Send one mail."""
        mail = self.settings
        message = EmailMessage()
        message["Subject"], message["From"] = digest.subject, mail.smtp_from
        message["To"] = ", ".join(mail.smtp_to)
        message.set_content(digest.text)
        with smtplib.SMTP(mail.smtp_host or "", mail.smtp_port, timeout=TIMEOUT) as server:
            if mail.smtp_tls:
                # the server must be who it says it is before it is given a password
                server.starttls(context=ssl.create_default_context())
            if mail.smtp_user:
                server.login(mail.smtp_user, _secret(mail.smtp_password_env))
            server.send_message(message)


def _secret(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise OSError(f"the environment has no {variable}")
    return value


def find_channels(settings: AlertSettings) -> Iterator[Channel]:
    """The channels that are configured."""
    if settings.file is not None:
        yield FileChannel(settings.file)
    if settings.webhook_env:
        yield WebhookChannel(settings.webhook_env)
    if settings.smtp_host and settings.smtp_to:
        yield MailChannel(settings)


# --------------------------------------------------------------------------- once a run


def alert(
    settings: Settings, now: datetime | None = None, failed: Trouble | None = None
) -> list[str]:
    """Tell what the last run brought, where there is something to tell; what went wrong in telling.

    What was not delivered on any channel is told with the next run. `failed` is a failure that the
    warehouse may not know of, such as of a backfill or of a disk; it is told once, and as long as
    it is given.
    """
    channels = list(find_channels(settings.alerts))
    if not channels:
        return []
    now = now or datetime.now(UTC)
    memory = settings.lake.root / "alerts.json"
    known = recall(memory)
    status = _status(settings, now)
    if failed is not None and failed.key not in {t.key for t in status.troubles}:
        status = replace(status, troubles=[failed, *status.troubles])
    digest = to_digest(status, known, now)
    if digest is None:
        return []
    failures = []
    for channel in channels:
        try:
            channel.send(digest)
        except Exception as error:  # noqa: BLE001 - no channel may stop the others, or the run
            # the class alone: messages of clients repeat the address, which is a secret
            told = str(error) if type(error) is OSError else type(error).__name__
            failures.append(f"{type(channel).__name__} failed: {told}")
    if len(failures) < len(channels):
        # that a backfill failed is over when it is told; a night that goes well mends no backfill
        passing = failed is not None and failed.key != RUN_FAILED
        remember(memory, [t for t in status.troubles if not (passing and t is failed)], now)
    return failures


def to_digest(status: Status, known: dict[str, Any], now: datetime) -> Digest | None:
    """What to tell; null where all of it was told within the day. `known` is what was told."""
    here = {t.key: t for t in status.troubles}
    told = known.get("troubles", {})
    new = tuple(t for key, t in here.items() if key not in told)
    lasting = tuple(t for key, t in here.items() if key in told)
    recovered = tuple(words for key, words in told.items() if key not in here)
    at = known.get("told_at")
    due = at is None or now - datetime.fromisoformat(at) >= REPEAT
    if not new and not recovered and not (lasting and due):
        return None
    run_id = status.last_run["run_id"] if status.last_run else "none"
    return Digest(run_id, now, new, lasting, recovered)


def _status(settings: Settings, now: datetime) -> Status:
    """How the warehouse is; that it cannot be read is what has to be told first."""
    try:
        return read_status(settings.lake, now, owners=settings.quality.owners)
    except (WarehouseError, OSError, duckdb.Error) as error:
        words = f"The warehouse cannot be read: {error}"
        hint = "`dateline status` says the same, and docs/operations.md what to do."
        trouble = Trouble("warehouse:unreadable", "critical", words, "pipeline", hint)
        return Status(None, None, {}, [], [trouble])


def recall(memory: Path) -> dict[str, Any]:
    """What has been told; nothing where that is not known, so that all is told again."""
    try:
        found = json.loads(memory.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def remember(memory: Path, troubles: Sequence[Trouble], now: datetime) -> None:
    """Keep what has been told."""
    content = {
        "told_at": now.isoformat(),
        "troubles": {t.key: t.words for t in troubles},
    }
    part = memory.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(memory)
