"""One digest a run, told once, and what is over told too; secrets stay where they are."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from flows.alerts import alert
from flows.run import stage_records
from flows.settings import Settings, load_settings
from flows.status import read_status, to_text
from tests.empty import put_empty
from warehouse.publish import publish
from warehouse.tables import CHECKS, QUARANTINE, RUNS

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = "hunter2-secret"


def settings_with(folder: Path, alerts: str) -> Settings:
    config = folder / "dateline.toml"
    config.write_text(
        f'warehouse = "lake"\n[quality.owners]\nsources = "Ana"\n[alerts]\n{alerts}\n'
    )
    settings = load_settings(config)
    put_empty(settings.lake)
    return settings


def night(
    settings: Settings, at: datetime, failing: tuple[str, ...], state: str = "published"
) -> None:
    """A run after which the volume of these sources is not what it was."""
    run_id = f"{at:%Y%m%dT%H%M%S}"
    run: dict[str, Any] = {c.name: 0 for c in RUNS.columns if c.type == "int64"}
    run |= {"run_id": run_id, "kind": "ingest", "started_at": at, "state": state,
            "code_version": "0"}  # fmt: skip
    check = {"run_id": run_id, "table_name": "articles", "expectation": "volume",
             "description": "As many as usual.", "severity": "warning", "owner": "sources",
             "hint": "Look.", "rows_checked": 1, "rows_failed": 0, "value": 0.0, "low": 3.0,
             "high": 40.0, "days": 20}  # fmt: skip
    rows = [check | {"source_id": s, "success": s not in failing} for s in ("post", "herald")]
    stage_records(settings.lake, run_id, RUNS, [run])
    stage_records(settings.lake, run_id, CHECKS, rows)
    held = {"quarantine_id": "1" * 16, "table_name": "quotes", "rules": ["r"], "reason": "r",
            "row_json": "{}", "state": "open", "run_id": run_id, "recorded_at": at}  # fmt: skip
    stage_records(settings.lake, run_id, QUARANTINE, [held])
    publish(settings.lake, run_id, at)


def told(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def keys(digest: dict[str, Any], part: str) -> list[str]:
    return [trouble["key"] for trouble in digest[part]]


def test_a_trouble_is_told_once_and_its_end_too(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, 'file = "alerts.jsonl"')
    log = tmp_path / "alerts.jsonl"
    night(settings, NIGHT, ())
    assert alert(settings, NIGHT) == []
    assert told(log) == []

    night(settings, NIGHT + DAY, ("post",))
    for minutes in (5, 60):  # the second look has nothing new to say
        assert alert(settings, NIGHT + DAY + timedelta(minutes=minutes)) == []
    (digest,) = told(log)
    assert keys(digest, "new") == ["articles/volume/post"]
    assert digest["new"][0]["owner"] == "Ana"
    assert "post: As many as usual. (volume: 0, expected at least 3" in digest["text"]

    night(settings, NIGHT + 2 * DAY, ("post", "herald"))
    alert(settings, NIGHT + 2 * DAY)
    night(settings, NIGHT + 3 * DAY, ("herald",))
    alert(settings, NIGHT + 3 * DAY)
    night(settings, NIGHT + 4 * DAY, ())
    alert(settings, NIGHT + 4 * DAY)
    parts = [(keys(d, "new"), keys(d, "lasting"), len(d["recovered"])) for d in told(log)[1:]]
    assert parts == [
        (["articles/volume/herald"], ["articles/volume/post"], 0),
        ([], ["articles/volume/herald"], 1),
        ([], [], 1),
    ]
    assert "recovered" in told(log)[-1]["text"]


def test_the_status_says_what_to_look_at_and_since_when(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, "")
    now = NIGHT + timedelta(hours=6)
    assert [t.key for t in read_status(settings.lake, now).troubles] == ["run:none"]
    night(settings, NIGHT - DAY, ("post",))
    night(settings, NIGHT, ("post",))
    status = read_status(settings.lake, now, owners={"sources": "Ana"})
    assert [t.key for t in status.troubles] == ["articles/volume/post"]
    assert (status.age_hours, status.open_quarantine) == (6, {"quotes": 1})
    assert "since 2026-03-11" in to_text(status)
    assert json.loads(json.dumps(status.to_json(), default=str))["well"] is False
    later = read_status(settings.lake, NIGHT + 2 * DAY).troubles
    assert later[0].key == "run:stale"
    night(settings, NIGHT + DAY, (), state="failed")
    assert "run:failed" in [t.key for t in read_status(settings.lake, NIGHT + DAY).troubles]


@contextmanager
def served(server: socketserver.BaseServer) -> Iterator[int]:
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_address[1]  # type: ignore[index]
    server.shutdown()
    server.server_close()


def test_a_webhook_gets_the_digest_and_its_address_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: list[tuple[str, Any]] = []
    answers = [500, 200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append((self.path, json.loads(body)))
            self.send_response(answers.pop(0))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    settings = settings_with(tmp_path, 'webhook_env = "HOOK"')
    night(settings, NIGHT, ("post",))
    assert alert(settings, NIGHT) == ["WebhookChannel failed: the environment has no HOOK"]
    monkeypatch.setenv("HOOK", f"http://127.0.0.1:1/{SECRET}")
    (failure,) = alert(settings, NIGHT)
    assert SECRET not in failure
    with served(HTTPServer(("127.0.0.1", 0), Handler)) as port:
        monkeypatch.setenv("HOOK", f"http://127.0.0.1:{port}/{SECRET}")
        assert alert(settings, NIGHT) == ["WebhookChannel failed: the webhook answers 500"]
        # what was not delivered is told the next time, and then no more
        assert alert(settings, NIGHT) == []
        assert alert(settings, NIGHT) == []
    assert len(posted) == 2
    assert posted[1][0] == f"/{SECRET}"
    assert keys(posted[1][1], "new") == ["articles/volume/post"]
    assert SECRET not in (settings.lake.root / "alerts.json").read_text()


def test_a_mail_is_one_message_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    class Mail(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            data = False
            for raw in self.rfile:
                line = raw.decode().rstrip("\r\n")
                said.append(line)
                if data and line != ".":
                    continue
                data = line.lower() == "data"
                reply = b"354 go on\r\n" if data else b"250 fine\r\n"
                self.wfile.write(b"221 bye\r\n" if line.lower() == "quit" else reply)

    with served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)) as port:
        settings = settings_with(
            tmp_path, f'smtp_host = "127.0.0.1"\nsmtp_port = {port}\nsmtp_tls = false\n'
            'smtp_to = ["ana@news.example", "jo@news.example"]'
        )  # fmt: skip
        night(settings, NIGHT, ("post",))
        assert alert(settings, NIGHT) == []
    assert sum(line.startswith("rcpt") or line.startswith("RCPT") for line in said) == 2
    assert "Subject: Dateline: 1 new, 0 lasting, 0 recovered" in said
    assert said.count("DATA") + said.count("data") == 1
