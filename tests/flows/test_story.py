"""Stories over nights, and the index that is held to what the lake says."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from flows import story_index
from flows.story import cluster_staged, index_of, keep_stories, sync
from tests.empty import put_empty
from transforms.convert import to_arrow
from transforms.text import key_of
from warehouse import publish
from warehouse.lake import Warehouse, connect
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, Table

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)
SUBJECTS = ("harbour", "school", "bridge", "market", "library", "forest", "railway", "hospital")


def story(subject: str, lines: int = 12) -> str:
    """A story of its own words and numbers."""
    chance = random.Random(subject)
    words = [subject + ending for ending in ("", "s", "ing", "ward", "less", "like", "wise", "man")]
    return " ".join(
        f"{chance.choice(words).title()} {' '.join(chance.choices(words, k=9))} {n * 7} {subject}."
        for n in range(lines)
    )


@dataclass
class News:
    """A warehouse that nights are put into."""

    root: Warehouse
    nights: int = 0
    published: dict[str, datetime] = field(default_factory=dict)

    def stage(self, texts: dict[str, str], batches: int = 1) -> str:
        """Stage articles by name; the source is the part of the name before the colon."""
        self.nights += 1
        run_id = f"run-{self.nights:03d}"
        names = list(texts)
        for batch in range(batches):
            chosen = names[batch::batches]
            folder = self.root.staging(run_id) / f"batch-{batch:06d}"
            _put(folder, ARTICLE_VERSIONS, [_version(n, texts[n], self._when(n)) for n in chosen])
            _put(folder, ARTICLES, [_article(name, texts[name]) for name in chosen])
        return run_id

    def night(self, texts: dict[str, str], batches: int = 1) -> None:
        """A whole night."""
        run_id = self.stage(texts, batches)
        stories = cluster_staged(self.root, run_id)
        publish.publish(self.root, run_id, NIGHT + timedelta(days=self.nights))
        keep_stories(self.root, stories)

    def stories(self) -> set[frozenset[str]]:
        """The names of the articles of each story."""
        rows = self.ask("SELECT canonical_url, duplicate_cluster FROM articles")
        groups: dict[str, set[str]] = {}
        for name, cluster in rows:
            groups.setdefault(cluster, set()).add(name)
        return {frozenset(group) for group in groups.values()}

    def cluster_of(self, name: str) -> str:
        query = f"SELECT duplicate_cluster FROM articles WHERE canonical_url = '{name}'"
        return str(self.ask(query)[0][0])

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with connect(self.root) as connection:
            return connection.execute(query).fetchall()

    def index_is_the_lake(self) -> bool:
        index = index_of(self.root)
        there = sorted(
            (e["article"].decode(), e["version"].decode(), e["cluster"].decode())
            for segment in index.segments
            for e in segment.entries()
        )
        query = "SELECT article_id, version, cluster_id FROM lake.duplicates ORDER BY ALL"
        return there == self.ask(query)

    def _when(self, name: str) -> datetime:
        return self.published.setdefault(name, NIGHT + timedelta(minutes=len(self.published)))


def _put(folder: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(to_arrow(table.columns, rows), folder / f"{table.name}.parquet")


def _version(name: str, text: str, when: datetime) -> dict[str, Any]:
    return {
        "article_id": key_of(name), "version": key_of(text), "text": text, "authors": [],
        "credits": [], "text_sha256": "0" * 64, "published_at": when, "extractor_version": "1",
    }  # fmt: skip


def _article(name: str, text: str) -> dict[str, Any]:
    return {
        "article_id": key_of(name), "source_id": name.split(":")[0], "canonical_url": name,
        "first_seen_at": NIGHT, "current_version": key_of(text),
    }  # fmt: skip


@pytest.fixture
def news(tmp_path: Path) -> News:
    root = Warehouse(tmp_path / "lake")
    put_empty(root)
    return News(root)


def test_a_story_grows_over_nights_under_one_name(news: News) -> None:
    wire = "KILMORE (Reuters) - " + story("harbour")
    news.night({"wire:1": wire, "gazette:9": story("school")})
    first = news.cluster_of("wire:1")
    assert first == key_of("wire:1")
    news.night({"gazette:1": story("harbour") + " Read more in the Gazette.", "gazette:2": "Rain."})
    news.night({"herald:1": story("harbour").upper(), "herald:2": story("bridge")})
    assert frozenset({"wire:1", "gazette:1", "herald:1"}) in news.stories()
    assert news.cluster_of("wire:1") == first
    ((copies, outlets, agency),) = news.ask(
        "SELECT copies, outlets, agency FROM stories WHERE copies > 1"
    )
    assert (copies, outlets, agency) == (3, 3, "Reuters")
    pairs = news.ask(
        "SELECT relation, source_id, matched_source_id, similarity > 0.9 FROM near_duplicates"
        " ORDER BY source_id"
    )
    assert [row[0] for row in pairs] == ["near", "near"]
    assert all(row[3] for row in pairs)


def test_a_cut_copy_of_another_outlet_joins_and_a_cut_of_the_same_does_not(news: News) -> None:
    news.night({"wire:1": story("harbour", 20)})
    cut = story("harbour", 20)[: len(story("harbour", 20)) // 3]
    news.night({"wire:2": cut})
    assert len(news.stories()) == 2
    shutil.rmtree(news.root.root)
    put_empty(news.root)
    news.night({"wire:1": story("harbour", 20)})
    news.night({"gazette:1": cut})
    assert news.ask("SELECT relation FROM near_duplicates") == [("part",)]
    assert len(news.stories()) == 1


def test_a_correction_stays_and_another_text_leaves(news: News) -> None:
    news.night({"wire:1": story("harbour"), "gazette:1": story("harbour")})
    name = news.cluster_of("wire:1")
    news.night({"wire:1": story("harbour").replace(" 14 ", " 15 ")})
    assert news.cluster_of("wire:1") == name
    news.night({"wire:1": story("forest")})
    assert news.cluster_of("gazette:1") == name
    assert news.cluster_of("wire:1") != name
    news.night({"herald:1": story("forest"), "herald:2": story("harbour")})
    assert news.stories() == {
        frozenset({"wire:1", "herald:1"}), frozenset({"gazette:1", "herald:2"})
    }  # fmt: skip
    news.night({"wire:1": story("harbour")})
    assert news.cluster_of("wire:1") == name


def test_known_stories_are_not_joined_and_keep_their_names(news: News) -> None:
    one, other = story("harbour", 14), story("bridge", 14)
    news.night({"a:1": one, "b:1": other})
    names = news.cluster_of("a:1"), news.cluster_of("b:1")
    half = len(one.split()) // 2
    mixed = " ".join(one.split()[: half + 30] + other.split()[: half + 30])
    news.night({"c:1": mixed})
    assert (news.cluster_of("a:1"), news.cluster_of("b:1")) == names


@pytest.mark.parametrize("batches", [1, 3, 7])
def test_clusters_do_not_depend_on_order_or_batches(news: News, batches: int) -> None:
    texts = {}
    for n, subject in enumerate(SUBJECTS):
        for outlet in range(n % 4 + 1):
            texts[f"outlet{outlet}:{subject}"] = story(subject) + f" Outlet {outlet} reports."
    when = {name: NIGHT + timedelta(minutes=n) for n, name in enumerate(texts)}
    news.published.update(when)
    shuffled = dict(random.Random(batches).sample(list(texts.items()), len(texts)))
    news.night(shuffled, batches)
    assert {len(group) for group in news.stories()} == {1, 2, 3, 4}
    assert {news.cluster_of(f"outlet{n % 4}:{s}") for n, s in enumerate(SUBJECTS)} == {
        key_of(f"outlet0:{s}") for s in SUBJECTS
    }


def test_an_article_staged_twice_in_a_run_is_compared_once(news: News) -> None:
    run_id = news.stage({"a:1": story("harbour"), "b:1": story("school")}, batches=2)
    again = news.root.staging(run_id) / "batch-000009"
    _put(again, ARTICLE_VERSIONS, [_version("a:1", story("forest"), NIGHT)])
    _put(again, ARTICLES, [_article("a:1", story("forest"))])
    stories = cluster_staged(news.root, run_id)
    publish.publish(news.root, run_id, NIGHT)
    keep_stories(news.root, stories)
    assert news.ask("SELECT count(*) FROM lake.duplicates") == [(2,)]
    assert news.index_is_the_lake()


def test_a_run_that_is_not_published_leaves_no_trace(news: News) -> None:
    news.night({"a:1": story("harbour")})
    cluster_staged(news.root, news.stage({"b:1": story("harbour"), "b:2": story("school")}))
    publish.clear_staging(news.root)
    assert news.index_is_the_lake()
    news.night({"c:1": story("school")})
    assert news.cluster_of("c:1") == key_of("c:1")


def test_a_published_run_that_was_killed_before_the_index_is_read_from_the_lake(
    news: News,
) -> None:
    news.night({"a:1": story("harbour")})
    run_id = news.stage({"b:1": story("school"), "b:2": story("harbour")})
    cluster_staged(news.root, run_id)
    publish.publish(news.root, run_id, NIGHT)
    assert not news.index_is_the_lake()
    news.night({"c:1": story("school"), "c:2": story("harbour")})
    assert news.index_is_the_lake()
    assert news.stories() == {frozenset({"a:1", "b:2", "c:2"}), frozenset({"b:1", "c:1"})}


def test_the_index_can_be_rebuilt_and_is_the_same(news: News) -> None:
    for n, subject in enumerate(SUBJECTS):
        news.night({f"a:{n}": story(subject), f"b:{n}": story(SUBJECTS[n // 2]) + " Again."})
    index = index_of(news.root)
    before = [index.entries(np.arange(len(index))).tobytes(), index.counts()]
    shutil.rmtree(index.folder)
    with connect(news.root) as connection:
        again = index_of(news.root)
        assert sync(again, connection) == len(index)
        assert [again.entries(np.arange(len(again))).tobytes(), again.counts()] == before
        assert sync(again, connection) == 0


def test_what_is_gone_from_the_lake_goes_from_the_index(news: News) -> None:
    news.night({"a:1": story("harbour"), "a:2": story("school")})
    news.night({"b:1": story("forest")})
    with connect(news.root, read_only=False) as connection:
        for table in ("duplicates", "article_versions", "articles"):
            connection.execute(f"DELETE FROM lake.{table} WHERE article_id = '{key_of('a:1')}'")
        sync(index_of(news.root), connection)
    assert news.index_is_the_lake()
    news.night({"c:1": story("harbour")})
    assert news.cluster_of("c:1") == key_of("c:1")


def test_segments_are_merged_and_bounded(news: News, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_index, "LARGEST", 4)
    for n, subject in enumerate(SUBJECTS):
        news.night({f"a:{n}": story(subject)})
    assert [segment.size for segment in index_of(news.root).segments] == [3, 3, 2]
    news.night({f"b:{n}": story(subject) for n, subject in enumerate(SUBJECTS)})
    assert {len(group) for group in news.stories()} == {2}
    assert news.index_is_the_lake()


@pytest.mark.parametrize("damage", ["partial", "short", "meta", "both"])
def test_a_writer_killed_at_any_moment_leaves_nothing_wrong(news: News, damage: str) -> None:
    news.night({"a:1": story("harbour"), "a:2": story("school")})
    folder = index_of(news.root).segments[0].folder
    if damage == "partial":
        shutil.copytree(folder, folder.with_name(".00000007-0.partial"))
    elif damage == "short":
        (folder / "entries").write_bytes((folder / "entries").read_bytes()[:1000])
    elif damage == "meta":
        (folder / "segment.json").write_text('{"sketch": ')
    else:  # merged, and what it replaces is still there
        shutil.copytree(folder, folder.with_name("00000008-0"))
    news.night({"b:1": story("school")})
    assert news.index_is_the_lake()
    assert frozenset({"a:2", "b:1"}) in news.stories()
