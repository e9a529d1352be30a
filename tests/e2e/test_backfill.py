"""Going back in time over loopback HTTP: the plan, its slices, a stop and going on."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.backfill import Plan, plan_backfill, run_backfill
from flows.cli import app
from flows.fetch.client import Client
from flows.progress import silent
from flows.settings import Settings, load_settings
from tests.flows.conftest import Page, Site, client, site, slept
from warehouse.lake import connect, create

__all__ = ["client", "site", "slept"]
FIRST, END = datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC)
DAYS = {"storm": "2026-03-08", "mill": "2026-03-09", "ferry": "2026-03-09T23:30:00Z",
        "vote": "2026-03-11", "later": "2026-03-12", "undated": None}  # fmt: skip


def body(name: str) -> str:
    text = (
        f"The {name} kept {len(name) + 10} people awake in Oldham, the mayor said. "
        "Nobody was hurt, and the road was open again by noon, said a spokeswoman. "
    )
    return (
        f"<html><head><title>The {name} of the day</title></head><body><article>"
        f"<h1>The {name} of the day</h1>" + f"<p>{text}</p>" * 3 + "</article></body></html>"
    )


@pytest.fixture
def settings(site: Site, tmp_path: Path) -> Settings:
    site.set("/robots.txt", "")
    entries = "".join(
        f"<url><loc>{site.url}/{name}.html</loc>{(day and f'<lastmod>{day}</lastmod>') or ''}</url>"
        for name, day in DAYS.items()
    )
    site.set("/map.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}'
                         "</urlset>", Content_Type="application/xml")  # fmt: skip
    for name in DAYS:
        site.set(f"/{name}.html", body(name), Content_Type="text/html")
    notes = tmp_path / "notes.jsonl"
    notes.write_text(
        "".join(
            f'{{"id": "{day}", "text": "At least 12 boats lay in port.",'
            f' "published_at": "{day}"}}\n'
            for day in ("2026-03-08", "2026-03-10", "2026-03-12")
        )
    )
    config = tmp_path / "dateline.toml"
    config.write_text(
        'warehouse = "warehouse"\nworkers = 1\nbatch_size = 1\nlog_format = "json"\n'
        "[fetch]\nallow_private = true\ndelay = 0.0\nattempts = 1\n"
        f'[[sources]]\nid = "post"\nkind = "sitemap"\nlocation = "{site.url}/map.xml"\n'
        f'[[sources]]\nid = "notes"\nkind = "files"\nlocation = "{notes}"\n'
    )
    made = load_settings(config)
    create(made.lake)
    return made


def planned(settings: Settings, client: Client, **options: Any) -> Plan:
    return plan_backfill(settings, client, FIRST, END, report=silent, **options)


def ask(settings: Settings, query: str) -> list[Any]:
    with connect(settings.lake) as connection:
        return connection.execute(query).fetchall()


def test_the_plan_says_what_each_slice_takes_and_costs(settings: Settings, client: Client) -> None:
    plan = planned(settings, client)
    assert [(s.name, s.listed) for s in plan.slices] == [
        ("2026-03-09", 2), ("2026-03-10", 0), ("2026-03-11", 1), ("documents of notes", 0),
    ]  # fmt: skip
    assert (plan.undated, plan.failures, len(plan.todo)) == (1, {}, 3)
    assert (plan.cost.requests, plan.cost.runs) == (3, 0)
    assert plan.cost.bytes > 0
    assert plan.cost.seconds == plan.cost.worker_seconds > 0
    weekly = planned(settings, client, sources=["post"], days=7)
    assert [(s.name, s.listed) for s in weekly.slices] == [("2026-03-09 to 2026-03-11", 3)]
    # a source that cannot be listed is named, and the plan is of the others
    broken = settings.model_copy(
        update={
            "sources": (settings.sources[0].model_copy(update={"location": "http://x.invalid"}),)
        }
    )
    assert list(planned(broken, client).failures) == ["post"]


def test_a_backfill_that_is_stopped_goes_on_where_it_was(
    settings: Settings, client: Client, site: Site, tmp_path: Path
) -> None:
    def write(handler: BaseHTTPRequestHandler) -> None:
        if not asked:
            asked.append(True)
            os.kill(os.getpid(), signal.SIGTERM)
        sent = body("mill").encode()
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(sent)
        )
        handler.wfile.write(sent)

    asked: list[bool] = []
    site.pages["/mill.html"] = Page(write=write)
    (account,) = run_backfill(settings, planned(settings, client), client)
    # what was under way has ended and is published; the rest is left
    assert asked
    assert account.state in ("stopped", "published")
    assert account.articles_new >= 1
    done = account.articles_new
    plan = planned(settings, client)
    assert len(plan.todo) < 4
    accounts = run_backfill(settings, plan, client)
    assert {a.state for a in accounts} == {"published"}
    assert done + sum(a.articles_new for a in accounts) == 4
    dates = ask(settings, "SELECT source_id, count(*) FROM articles GROUP BY ALL ORDER BY 1")
    assert dates == [("notes", 1), ("post", 3)]
    assert ask(settings, "SELECT DISTINCT kind FROM runs") == [("backfill",)]
    assert ask(settings, "SELECT count(*) FROM sources") == [(0,)]  # the nights' states are theirs
    assert planned(settings, client).todo == ()
    assert site.count("/later.html") == site.count("/undated.html") == 0
    assert planned(settings, client).cost.runs > 0
    result = CliRunner().invoke(
        app, ["backfill", "--from", "2026-03-09", "--to", "2026-03-11", "--dry-run",
              "-c", str(tmp_path / "dateline.toml")],
    )  # fmt: skip
    assert result.exit_code == 0, (result.output, result.exception)
    assert "Nothing to do" in result.stdout
    stored = CliRunner().invoke(
        app, ["backfill", "--from", "2026-03-09", "--to", "2026-03-11", "--stage", "annotate",
              "-c", str(tmp_path / "dateline.toml")],
    )  # fmt: skip
    assert "0 texts to read in 0 slices" in stored.stdout


@pytest.mark.parametrize(
    "flags",
    [["--from", "9 March"], ["--to", "2026-03-01"], ["--stage", "x"], ["--source", "nobody"]],
)
def test_what_makes_no_sense_is_refused(flags: list[str]) -> None:
    words = ["backfill", "--from", "2026-03-09", "--to", "2026-03-11", *flags]
    assert CliRunner().invoke(app, words).exit_code == 2
