"""What a worker makes of fetched and read documents."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from flows.batch import Held, Incoming, Item, extract_items, stage_batch
from transforms.language.pipeline import DEFAULT_MODEL

NOW = datetime(2026, 3, 12, 2, tzinfo=UTC)
BODY = b"The council said on Monday that 14 trees will be planted along the river."


def item(where: str, body: bytes = BODY) -> Item:
    return Item("desk", where, "txt", body, NOW)


def test_two_files_of_one_name_are_two_articles() -> None:
    (one, other), _ = extract_items([item("/a/note.txt"), item("/b/note.txt")], None)
    assert isinstance(one, Incoming)
    assert isinstance(other, Incoming)
    assert one.article_id != other.article_id
    assert one.version == other.version


def test_the_option_dates_only_what_states_no_date() -> None:
    (found,), _ = extract_items([item("/a/note.txt")], NOW)
    assert isinstance(found, Incoming)
    assert found.extracted.published_at == NOW
    assert found.extracted.published_method == "option:published"


def test_what_gives_no_article_is_held_with_its_body() -> None:
    (held,), _ = extract_items([item("/a/empty.txt", b" \n")], None)
    assert isinstance(held, Held)
    assert (held.rule, held.body) == ("empty", b" \n")


def test_clock_times_are_read_in_the_zone_of_their_source(tmp_path: Path) -> None:
    (found,), _ = extract_items(
        [item("/a/note.txt", BODY + b" It met at 9 p.m. in the hall.")], NOW
    )
    assert isinstance(found, Incoming)
    stage_batch(
        [found],
        tmp_path,
        model=DEFAULT_MODEL,
        run_id="r1",
        as_of=NOW,
        zones={"desk": "Europe/Athens"},
        stamps={"desk": "0" * 16},
    )
    times = pq.read_table(tmp_path / "times.parquet").to_pylist()
    (clock,) = (t for t in times if t["timex_type"] == "TIME")
    assert (clock["zone"], clock["zone_from"]) == ("Europe/Athens", "source")
    assert clock["start_at"].hour == 19
