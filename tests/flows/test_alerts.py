"""One digest a run, told once, and what is over told too; secrets stay where they are."""

from __future__ import annotations

import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from flows.alerts import alert
from flows.log import log_path
from flows.observe import watched
from flows.progress import silent
from flows.report import write_report
from flows.run import Account, stage_records
from flows.settings import Settings, SettingsError, load_settings
from flows.status import read_status, to_text
from flows.tell import told
from tests.empty import put_empty
from warehouse.lake import connect
from warehouse.publish import keep_records, publish
from warehouse.tables import CHECKS, QUARANTINE, RUNS, TABLES

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


def digests(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def keys(digest: dict[str, Any], part: str) -> list[str]:
    return [trouble["key"] for trouble in digest[part]]


def test_a_trouble_is_told_once_and_its_end_too(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, 'file = "alerts.jsonl"')
    log = tmp_path / "alerts.jsonl"
    night(settings, NIGHT, ())
    assert alert(settings, NIGHT) == []
    assert digests(log) == []

    night(settings, NIGHT + DAY, ("post",))
    for minutes in (5, 60):  # the second look has nothing new to say
        assert alert(settings, NIGHT + DAY + timedelta(minutes=minutes)) == []
    (digest,) = digests(log)
    assert keys(digest, "new") == ["articles/volume/post"]
    assert digest["new"][0]["owner"] == "Ana"
    assert "post: As many as usual. (volume: 0, expected at least 3" in digest["text"]

    night(settings, NIGHT + 2 * DAY, ("post", "herald"))
    alert(settings, NIGHT + 2 * DAY)
    night(settings, NIGHT + 3 * DAY, ("herald",))
    alert(settings, NIGHT + 3 * DAY)
    night(settings, NIGHT + 4 * DAY, ())
    alert(settings, NIGHT + 4 * DAY)
    parts = [(keys(d, "new"), keys(d, "lasting"), len(d["recovered"])) for d in digests(log)[1:]]
    assert parts == [
        (["articles/volume/herald"], ["articles/volume/post"], 0),
        ([], ["articles/volume/herald"], 1),
        ([], [], 1),
    ]
    assert "recovered" in digests(log)[-1]["text"]


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


class Box:
    """What a mail server takes, from whom who has said who he is."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], str]] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 taken"

    def authenticate(
        self, server: object, session: object, envelope: object, mechanism: str, data: Any
    ) -> AuthResult:
        right = (data.login, data.password) == (b"dateline", SECRET.encode())
        return AuthResult(success=right, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2120, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        made.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


@contextmanager
def mail_server(certificate: Path) -> Iterator[tuple[Box, int]]:
    """A mail server that takes nothing before TLS and a password."""
    box = Box()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(
        box, "127.0.0.1", port, tls_context=context, require_starttls=True, auth_required=True,
        authenticator=box.authenticate,
    )  # fmt: skip
    server.start()
    try:
        yield box, port
    finally:
        server.stop()


def test_a_mail_goes_by_tls_and_with_a_password_to_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    with mail_server(certificate) as (box, port):
        settings = settings_with(
            tmp_path, f'smtp_host = "localhost"\nsmtp_port = {port}\nsmtp_user = "dateline"\n'
            'smtp_to = ["ana@news.example", "jo@news.example"]'
        )  # fmt: skip
        night(settings, NIGHT, ("post",))
        monkeypatch.setenv("DATELINE_SMTP_PASSWORD", SECRET)
        # who is not known to be the mail server is told nothing, least of all the password
        assert alert(settings, NIGHT) == ["MailChannel failed: SSLCertVerificationError"]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        monkeypatch.setenv("DATELINE_SMTP_PASSWORD", "wrong")
        assert alert(settings, NIGHT) == ["MailChannel failed: SMTPAuthenticationError"]
        assert box.mails == []
        monkeypatch.setenv("DATELINE_SMTP_PASSWORD", SECRET)
        assert alert(settings, NIGHT) == []
    ((to, content),) = box.mails
    assert to == ["ana@news.example", "jo@news.example"]
    assert "Subject: Dateline: 1 new, 0 lasting, 0 recovered" in content
    assert "post: As many as usual." in content


# --------------------------------------------------------------------------- when things go wrong


def test_an_alert_that_fails_does_not_hide_why_the_run_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_with(tmp_path, 'file = "alerts.jsonl"')
    night(settings, NIGHT, ("post",))
    (settings.lake.root / "alerts.part").mkdir()  # nothing can be remembered
    with pytest.raises(ValueError, match="the parser broke"), told(settings, "ingest"):
        raise ValueError("the parser broke")
    assert "no alert was sent (IsADirectoryError" in capsys.readouterr().err
    (settings.lake.root / "alerts.part").rmdir()
    (settings.lake.root / "alerts.json").write_text("torn {")
    with told(settings, "ingest"):
        pass
    assert capsys.readouterr().err == ""
    assert keys(digests(tmp_path / "alerts.jsonl")[-1], "new") == [
        "run:stale",
        "articles/volume/post",
    ]


def test_a_backfill_that_fails_is_told_once_and_is_not_over_with_the_next_night(
    tmp_path: Path,
) -> None:
    settings = settings_with(tmp_path, 'file = "alerts.jsonl"')
    night(settings, datetime.now(UTC), ())
    with pytest.raises(OSError, match="full"), told(settings, "backfill"):
        raise OSError("the disk is full")
    with told(settings, "ingest"):
        pass
    (digest,) = digests(tmp_path / "alerts.jsonl")
    assert keys(digest, "new") == ["backfill:failed"]
    assert "The last backfill failed: the disk is full" in digest["text"]


def test_that_the_warehouse_cannot_be_read_is_told(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, 'file = "alerts.jsonl"')
    settings.lake.catalog.write_bytes(b"no catalog")
    assert alert(settings, NIGHT) == []
    (digest,) = digests(tmp_path / "alerts.jsonl")
    assert keys(digest, "new") == ["warehouse:unreadable"]


def test_secrets_are_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"http://127.0.0.1:1/{SECRET}"
    with pytest.raises(SettingsError, match="not the secret") as refused:
        settings_with(tmp_path, f'webhook_env = "{address}"')
    assert SECRET not in str(refused.value)
    settings = settings_with(
        tmp_path, 'file = "alerts.jsonl"\nwebhook_env = "HOOK"\nsmtp_host = "127.0.0.1"\n'
        'smtp_port = 1\nsmtp_user = "dateline"\nsmtp_to = ["ana@news.example"]'
    )  # fmt: skip
    monkeypatch.setenv("HOOK", address)
    monkeypatch.setenv("DATELINE_SMTP_PASSWORD", SECRET)
    night(settings, NIGHT, ("post",))
    account = Account("20260313T020000Z-000000", NIGHT + DAY)
    failure = ValueError("the parser broke")
    with pytest.raises(ValueError), watched(account, settings, silent):  # noqa: PT011, SIM117
        with told(settings, "ingest"):
            raise failure
    account.write(settings.lake, settings)
    keep_records(settings.lake, account.run_id)
    write_report(settings.lake, tmp_path / "report.html", None)
    said = log_path(settings.lake, account.run_id).read_text()
    assert "WebhookChannel failed: ConnectError" in said
    assert "MailChannel failed: ConnectionRefusedError" in said
    with connect(settings.lake) as connection:
        for table in TABLES:
            rows = connection.execute(f"SELECT CAST(t AS VARCHAR) FROM {table.name} t").fetchall()
            assert SECRET not in str(rows), table.name
        assert "HOOK" in str(connection.execute("SELECT settings FROM runs").fetchall())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []
