"""What of a batch is new to the warehouse, and what is asked for again because of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.batch import Incoming, Item, extract_items
from flows.collect import Fetched
from flows.forgotten import Forgotten
from flows.fresh import drop_forgotten, find_new, is_forgotten
from flows.plan import plan
from flows.run import stage_records
from tests.empty import put_empty
from transforms.text import key_of, version_of
from warehouse.lake import Warehouse, connect
from warehouse.publish import publish
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, FETCHES, RUNS

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)
URL = "https://post.example/ferry"
TEXT = "The ferry to Brackwater was cancelled on Friday.\nFour boats stayed in the harbour."


def incoming(text: str, where: str = URL, title: str = "Ferry cancelled") -> Incoming:
    line = json.dumps({"id": where, "url": URL, "title": title, "text": text})
    (found,), _ = extract_items([Item("desk", where, "jsonl", line.encode(), NIGHT)], None)
    assert isinstance(found, Incoming)
    return found


@pytest.fixture
def lake(tmp_path: Path) -> Warehouse:
    """A warehouse that knows one article, fetched the night before by a feed that dated it."""
    made = Warehouse(tmp_path / "lake")
    put_empty(made)
    known = incoming(TEXT)
    version = version_of("Ferry cancelled", TEXT)
    dates = [{"method": "feed:published", "value": "2026-03-11"}, {"method": "time:", "value": "x"}]
    empty: dict[str, Any] = {c.name: [] for c in ARTICLE_VERSIONS.columns if "list" in c.type}
    row = empty | {
        "article_id": known.article_id, "version": version, "url": URL, "text": TEXT,
        "headline": "Ferry cancelled", "text_sha256": "0" * 64, "extractor_version": "1",
        "published_candidates": json.dumps(dates),
    }  # fmt: skip
    stage_records(made, "r1", ARTICLE_VERSIONS, [row])
    article = {"article_id": known.article_id, "canonical_url": URL, "source_id": "desk",
               "first_seen_at": NIGHT, "current_version": version}  # fmt: skip
    stage_records(made, "r1", ARTICLES, [article])
    counts = [c.name for c in RUNS.columns if c.type == "int64"]
    run: dict[str, Any] = dict.fromkeys(counts, 0)
    run |= {
        "run_id": "r1",
        "started_at": NIGHT,
        "kind": "ingest",
        "state": "published",
        "code_version": "0",
    }
    stage_records(made, "r1", RUNS, [run])
    fetch = {"fetch_id": "f1", "run_id": "r1", "source_id": "desk", "url": URL, "status": 200,
             "robots": "allowed", "opt_outs": [], "article_id": known.article_id,
             "started_at": NIGHT, "seconds": 0.1}  # fmt: skip
    stage_records(made, "r1", FETCHES, [fetch])
    publish(made, "r1", NIGHT)
    return made


def new(lake: Warehouse, *found: Incoming) -> list[Incoming]:
    with connect(lake) as connection:
        return find_new(connection, found)


def test_what_is_known_is_not_new_and_a_change_says_how_much(lake: Warehouse) -> None:
    assert new(lake, incoming(TEXT)) == []
    (changed,) = new(lake, incoming(TEXT.replace("Four", "Seven")))
    assert changed.change_ratio == pytest.approx(1 / 18, abs=0.03)


def test_white_space_and_counters_make_no_version(lake: Warehouse) -> None:
    assert new(lake, incoming(TEXT.replace("\n", "\n\n") + "\n12 comments")) == []


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_addresses_of_one_article_the_first_by_name_stands(
    lake: Warehouse, turned: bool
) -> None:
    texts = [incoming("Other words.", "https://post.example/amp/ferry"),
             incoming("Other words again.", URL)]  # fmt: skip
    (chosen,) = new(lake, *(reversed(texts) if turned else texts))
    assert chosen.where == "https://post.example/amp/ferry"


def test_a_page_is_asked_for_again_with_its_dates_though_no_source_lists_it(
    lake: Warehouse,
) -> None:
    with connect(lake) as connection:

        def asked(hours: float, sources: set[str]) -> list[tuple[str, tuple[str, ...]]]:
            now = NIGHT + timedelta(hours=hours)
            planned = plan(connection, [], ages=(6, 24), sources=sources, now=now)
            return [(p.candidate.url, tuple(d.value for d in p.candidate.dates)) for p in planned]

        assert asked(5, set()) == []
        # the page states the other date itself
        assert asked(7, set()) == [(URL, ("2026-03-11",))]
        assert asked(7, {URL}) == []
        assert asked(24 * 30, set()) == []


def test_what_was_forgotten_comes_back_neither_by_address_source_nor_file() -> None:
    one, other = incoming(TEXT), incoming(TEXT, "mirror.jsonl:3")
    page = Fetched({"url": URL, "source_id": "desk"}, None)
    line = Fetched({}, Item("desk", "mirror.jsonl:3", "jsonl", b"", NIGHT))
    assert is_forgotten(page, Forgotten(urls=frozenset([key_of(URL)])))
    assert is_forgotten(line, Forgotten(sources=frozenset(["desk"])))
    assert not is_forgotten(line, Forgotten(urls=frozenset([key_of(URL)])))
    # a line of a file has no address before it is read
    forgotten = Forgotten(articles=frozenset([one.article_id]))
    assert drop_forgotten([page, line], [line], [other], forgotten) == ([page], [], [])
    kept = drop_forgotten([page, line], [line], [other], Forgotten())
    assert kept == ([page, line], [line], [other])
