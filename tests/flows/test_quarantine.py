"""What is held back can be seen, put away, and put through again; it is never lost or doubled."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.batch import Held, Incoming, Item, extract_items, quarantine_documents, stage_batch
from flows.discards import discard_again, read_discards
from flows.quarantine import UnknownQuarantined, Wanted, discard, list_rows, show_row
from flows.registry.follow import follow
from flows.registry.night import register_staged
from flows.requeue import replay
from flows.run import Account
from flows.settings import Settings, load_settings
from flows.story import cluster_staged, keep_stories
from tests.empty import put_empty
from warehouse.lake import connect
from warehouse.publish import publish
from warehouse.rebuild import rebuild

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)
TEXT = "Mayor Orla Reed of Leeds said on Monday that 12 boats were lost. It cost 5 million pounds."
OWN = """
from expectations.rule import expect

@expect("No place is called Leeds.", hint="", columns=("surface",))
def not_leeds(frame, evidence):
    return frame["surface"] != "Leeds"

RULES = {"mentions": [not_leeds]}
"""


def line(name: str, text: str = TEXT) -> Item:
    body = {"id": name, "title": "Boats lost", "text": text, "published_at": "2026-03-10"}
    return Item("desk", f"desk.jsonl:{name}", "jsonl", json.dumps(body).encode(), NIGHT)


def night(settings: Settings, run_id: str, items: list[Item]) -> Account:
    """A run over these documents, published."""
    lake, account = settings.lake, Account(run_id, NIGHT)
    put_empty(lake)
    outcomes, _ = extract_items(items, None)
    held = [o for o in outcomes if isinstance(o, Held)]
    folder = lake.staging(run_id) / "batch-000000"
    account.add_held(held)
    quarantine_documents(held, folder / "documents", run_id=run_id, as_of=NIGHT)
    account.add_staged(
        stage_batch(
            [o for o in outcomes if isinstance(o, Incoming)], folder, model=settings.model,
            run_id=run_id, as_of=NIGHT, zones={}, own=settings.quality.expectations,
            stamps={i.source_id: "0" * 16 for i in items},
        )
    )  # fmt: skip
    stories = cluster_staged(lake, run_id)
    register_staged(lake, run_id, NIGHT, None)
    account.state = "published"
    account.write(lake, settings)
    publish(lake, run_id, NIGHT)
    keep_stories(lake, stories)
    follow(lake)
    return account


def ask(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with connect(settings.lake) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse whose rule of its own holds a place back, and a line that is no JSON."""
    folder = tmp_path_factory.mktemp("quarantine")
    (folder / "own.py").write_text(OWN)
    config = folder / "dateline.toml"
    config.write_text('warehouse = "lake"\n[quality]\nexpectations = "own.py"\n')
    settings = load_settings(config)
    garbage = Item("desk", "desk.jsonl:9", "jsonl", b"{garbage", NIGHT)
    account = night(settings, "r1", [line("1"), line("2", TEXT.replace("Leeds", "York")), garbage])
    assert (account.articles_in, account.articles_new, account.articles_held) == (3, 2, 1)
    assert account.rows_in == account.rows_out + account.rows_quarantined - account.articles_held
    return settings


def test_rows_are_found_by_rule_source_and_run(strict: Settings) -> None:
    lake = strict.lake
    (row,) = list_rows(lake, Wanted(rule="not_leeds"))
    assert (row["table_name"], row["source_id"], row["run_id"]) == ("mentions", "desk", "r1")
    assert len(list_rows(lake, Wanted(source="desk"))) == 2
    assert list_rows(lake, Wanted(run="r2")) == []
    shown = show_row(lake, row["quarantine_id"])
    assert shown["row"]["surface"] == "Leeds"
    assert "Orla Reed of ⟦Leeds⟧ said" in shown["context"].replace("⟦", "⟦")
    with pytest.raises(UnknownQuarantined, match="nothing is held back under nope"):
        list_rows(lake, Wanted(ids=("nope",)))


def test_what_fails_still_stays_and_what_passes_is_published_once(strict: Settings) -> None:
    lake = strict.lake
    before = ask(strict, "SELECT count(*) FROM mentions")
    done = replay(strict, Wanted(source="desk"), "ana", None)
    assert (done.published, len(done.still_held)) == ([], 2)
    assert ask(strict, "SELECT count(*) FROM runs") == [(1,)]

    mended = strict.model_copy(update={"quality": strict.quality.model_copy(
        update={"expectations": None})})  # fmt: skip
    done = replay(mended, Wanted(source="desk"), "ana", "the rule was wrong")
    assert [r["rules"] for r in done.published] == [["not_leeds"]]
    assert [r["rules"] for r in done.still_held] == [["document:json"]]
    leeds = "SELECT count(*) FROM {} WHERE surface = 'Leeds'"
    assert ask(strict, leeds.format("mentions")) == [(1,)]
    assert ask(strict, "SELECT count(*) FROM mentions") == [(before[0][0] + 1,)]
    assert ask(strict, "SELECT count(*) FROM article_versions") == [(2,)]
    closed = "SELECT state, decided_by, note FROM quarantine WHERE list_contains(rules, '{}')"
    assert ask(strict, closed.format("not_leeds")) == [("replayed", "ana", "the rule was wrong")]
    assert ask(strict, closed.format("document:json")) == [("open", None, None)]
    # the other article of the night was not touched
    assert ask(strict, "SELECT count(*) FROM lake.article_versions") == [(3,)]
    kinds = ask(strict, "SELECT kind, articles_in, articles_new FROM runs ORDER BY started_at")
    assert kinds == [("ingest", 3, 2), ("quarantine", 1, 1)]
    assert replay(mended, Wanted(rule="not_leeds"), "ana", None).published == []
    assert list_rows(lake, Wanted(rule="not_leeds")) == []


def test_what_is_discarded_is_kept_and_not_asked_again(strict: Settings, tmp_path: Path) -> None:
    lake = strict.lake
    assert discard(lake, Wanted(rule="document:json"), "ana", "torn file") == 1
    assert discard(lake, Wanted(rule="document:json"), "ana", None) == 0
    (row,) = list_rows(lake, Wanted(rule="document:json", state="discarded"))
    assert (row["decided_by"], row["note"]) == ("ana", "torn file")
    # a catalog made anew has it from the files, and a warehouse made anew from the archive
    rebuild(lake, "anew")
    (row,) = list_rows(lake, Wanted(rule="document:json", state="discarded"))
    assert (row["decided_by"], row["note"]) == ("ana", "torn file")
    night(strict, "r3", [Item("desk", "desk.jsonl:9", "jsonl", b"{garbage", NIGHT), line("4")])
    assert list_rows(lake, Wanted(rule="document:json")) == []
    other = load_settings(None, warehouse=tmp_path / "other")
    night(other, "r1", [Item("desk", "desk.jsonl:9", "jsonl", b"{garbage", NIGHT)])
    assert discard_again(other.lake, lake.archive) == 1
    (again,) = list_rows(other.lake, Wanted(state="discarded"))
    assert [again[n] for n in ("decided_by", "note", "decided_at")] == [
        row[n] for n in ("decided_by", "note", "decided_at")
    ]
    assert discard_again(other.lake, lake.archive) == 0
    assert read_discards(other.lake.archive) == read_discards(lake.archive)
