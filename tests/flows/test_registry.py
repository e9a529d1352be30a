"""Entities over nights: merges, splits and undos in the lake, and the index that follows it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.decisions import make_again
from flows.registry import judge, look, rank, words
from flows.registry.follow import open_index
from flows.registry.night import register_staged
from tests.empty import put_empty
from transforms.convert import to_arrow
from transforms.entities.keys import entity_key
from transforms.text import key_of
from warehouse.lake import Warehouse, connect
from warehouse.publish import publish
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, MENTIONS, RUNS, Table

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Name:
    """A name in an article: full form, office, whom that serves, short form."""

    full: str
    title: str | None = None
    serves: str | None = None
    short: str | None = None
    kind: str = "PERSON"
    country: str | None = None


Article = tuple[str, list[Name]]


@dataclass
class News:
    """A warehouse that nights are put into."""

    lake: Warehouse
    nights: int = 0

    def stage(self, articles: Sequence[Article]) -> tuple[str, datetime]:
        self.nights += 1
        run_id, at = f"run-{self.nights:03d}", NIGHT + timedelta(days=self.nights)
        for number, part in enumerate([articles[::2], articles[1::2]]):
            if part:
                folder = self.lake.staging(run_id) / f"batch-{number:06d}"
                _put(folder, ARTICLE_VERSIONS, [_version(a) for a, _ in part])
                _put(folder, ARTICLES, [_article(a) for a, _ in part])
                _put(folder, MENTIONS, [m for a in part for m in _mentions(*a)])
        run = {c.name: 0 for c in RUNS.columns if c.type == "int64"} | {
            "run_id": run_id, "started_at": at, "state": "published", "code_version": "0",
            "kind": "ingest",
        }  # fmt: skip
        _put(self.lake.staging(run_id) / "run", RUNS, [run])
        return run_id, at

    def night(self, *articles: Article) -> None:
        run_id, at = self.stage(articles)
        register_staged(self.lake, run_id, at)
        publish(self.lake, run_id, at)
        # whoever opens the index next makes it follow

    def who(self) -> dict[tuple[str, str], str]:
        """The entity of each mention, by article and surface."""
        rows = self.ask("SELECT article_id, surface, entity FROM mention_entities")
        return {(article, surface): entity for article, surface, entity in rows}

    def groups(self) -> set[frozenset[tuple[str, str]]]:
        """What is one entity."""
        found: dict[str, set[tuple[str, str]]] = {}
        for mention, entity in self.who().items():
            found.setdefault(entity, set()).add(mention)
        return {frozenset(group) for group in found.values()}

    def state(self) -> list[list[tuple[Any, ...]]]:
        """All that the registry says now, and says it has said."""
        tables = ("entities", "entity_aliases", "entity_decisions")
        with connect(self.lake) as connection:
            return [
                connection.execute(f"SELECT * FROM lake.{table} ORDER BY ALL").fetchall()
                for table in tables
            ]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with connect(self.lake) as connection:
            found: list[tuple[Any, ...]] = connection.execute(query).fetchall()
            return found


def _put(folder: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(to_arrow(table.columns, rows), folder / f"{table.name}.parquet")


def _version(article: str) -> dict[str, Any]:
    return {
        "article_id": article, "version": key_of(article), "text": "text", "headline": article,
        "text_sha256": "0" * 64, "authors": [], "credits": [], "credit_lines": [],
        "reservations": [], "extractor_version": "1",
    }  # fmt: skip


def _article(article: str) -> dict[str, Any]:
    return {
        "article_id": article, "source_id": "s", "first_seen_at": NIGHT,
        "current_version": key_of(article),
    }  # fmt: skip


def _mentions(article: str, names: list[Name]) -> list[dict[str, Any]]:
    rows = []
    for number, (name, surface) in enumerate(
        [(n, s) for n in names for s in (n.full, n.short) if s]
    ):
        place = name.kind == "PLACE"
        rows.append(
            {
                "mention_id": key_of(article, number), "article_id": article,
                "version": key_of(article), "start": number * 100, "end": number * 100 + 50,
                "surface": surface, "sentence": 0, "sentence_start": 0, "sentence_end": 1,
                "type": name.kind, "canonical_name": name.full,
                "entity_id": f"geonames:{len(name.full)}" if place
                else entity_key(name.kind, name.full),
                "title": name.title, "title_of": name.serves, "country_code": name.country,
                "extractor": "mentions", "extractor_version": "1", "rule": "test",
            }
        )  # fmt: skip
    return rows


@pytest.fixture
def news(tmp_path: Path) -> News:
    lake = Warehouse(tmp_path / "lake")
    put_empty(lake)
    return News(lake)


MINISTER = Name("Tomas Varga", "Foreign Minister", "Hungary")
STRIKER = Name("Tomas Varga", "striker", "Real Oviedo")
HUNGARY = Name("Hungary", kind="PLACE", country="HU")
SPAIN = Name("Spain's", kind="PLACE", country="ES")


def test_one_name_is_one_entity_over_nights(news: News) -> None:
    news.night(("a", [Name("Mira Okafor"), Name("Lena Brandt")]))
    news.night(("b", [Name("Mira Okafor")]))
    who = news.who()
    assert who["a", "Mira Okafor"] == who["b", "Mira Okafor"] != who["a", "Lena Brandt"]
    assert len(news.ask("SELECT * FROM entities")) == 2


def test_two_people_of_one_name_stay_apart(news: News) -> None:
    news.night(
        ("a", [MINISTER, HUNGARY, Name("Judit Kiss"), Name("Ferenc Toth")]),
        ("b", [MINISTER, HUNGARY, Name("Judit Kiss")]),
    )
    news.night(
        ("c", [STRIKER, SPAIN, Name("Pablo Rey"), Name("Luis Mena")]),
        ("d", [MINISTER, HUNGARY, Name("Ferenc Toth")]),
    )
    news.night(("e", [STRIKER, SPAIN, Name("Luis Mena")]))
    who = {article: entity for (article, name), entity in news.who().items() if "Varga" in name}
    assert who["a"] == who["b"] == who["d"]
    assert who["c"] == who["e"] != who["a"]
    ((kind, by),) = news.ask("SELECT kind, decided_by FROM entity_decisions")
    assert (kind, by) == ("split", "machine")


def test_two_people_of_one_surname_alone_stay_apart_and_a_person_may_say_they_are_one(
    news: News,
) -> None:
    minister, striker = (Name("Varga", one.title, one.serves) for one in (MINISTER, STRIKER))
    news.night(("a", [minister, HUNGARY, Name("Judit Kiss")]))
    news.night(("b", [striker, SPAIN, Name("Luis Mena")]), ("c", [minister, Name("Judit Kiss")]))
    who = news.who()
    assert who["a", "Varga"] == who["c", "Varga"] != who["b", "Varga"]
    ((split,),) = news.ask("SELECT decision_id FROM entity_decisions WHERE kind = 'split'")
    undone = judge.undo_decision(news.lake, split, "the same", "rosa")
    assert len({news.who()[article, "Varga"] for article in "abc"}) == 1
    judge.undo_decision(news.lake, undone["decision_id"], None, "rosa")
    assert news.who() == who


def test_a_minister_who_becomes_president_is_one_person(news: News) -> None:
    news.night(("a", [MINISTER, HUNGARY, Name("Judit Kiss")]))
    news.night(("b", [Name("Tomas Varga", "President"), HUNGARY, Name("Anna Pinter")]))
    assert len({e for (_, name), e in news.who().items() if "Varga" in name}) == 1


def test_a_surname_alone_is_the_one_who_is_called_so_elsewhere(news: News) -> None:
    full = Name("Mira Okafor", "President", short="Okafor")
    news.night(*((f"a{n}", [full, Name("Lena Brandt")]) for n in range(3)))
    news.night(("b", [Name("Okafor"), Name("Lena Brandt")]))
    who = news.who()
    assert who["b", "Okafor"] == who["a0", "Mira Okafor"]
    names = {n for (n,) in news.ask("SELECT DISTINCT surface FROM mentions_of('Mira Okafor')")}
    assert names == {"Mira Okafor", "Okafor"}
    key = who["a0", "Mira Okafor"]
    found = news.ask(f"SELECT DISTINCT surface FROM mentions_of('{key}') ORDER BY 1")
    assert found == [("Mira Okafor",), ("Okafor",)]


def test_a_surname_of_two_is_neithers(news: News) -> None:
    news.night(
        ("a", [Name("Mira Okafor", short="Okafor"), Name("Lena Brandt")]),
        ("b", [Name("Sam Okafor", short="Okafor"), Name("Lena Brandt")]),
        ("c", [Name("Okafor"), Name("Lena Brandt")]),
    )
    alone = news.who()["c", "Okafor"]
    assert alone not in (news.who()["a", "Mira Okafor"], news.who()["b", "Sam Okafor"])


def test_the_machine_takes_back_what_no_longer_holds(news: News) -> None:
    news.night(
        *((f"a{n}", [Name("Mira Okafor", short="Okafor"), Name("Lena Brandt")]) for n in range(3)),
        ("b", [Name("Okafor"), Name("Lena Brandt")]),
    )
    assert news.who()["b", "Okafor"] == news.who()["a0", "Mira Okafor"]
    other = [Name("Sam Okafor", short="Okafor"), Name("Noor Haddad")]
    news.night(*((f"c{n}", other) for n in range(30)))
    who = news.who()
    assert who["b", "Okafor"] not in (who["a0", "Mira Okafor"], who["c0", "Sam Okafor"])
    kinds = news.ask("SELECT kind FROM entity_decisions ORDER BY kind")
    assert kinds == [("merge",), ("suggest",), ("undo",)]


def test_a_person_merges_and_takes_it_back(news: News) -> None:
    news.night(("a", [Name("Mira Okafor")]), ("b", [Name("M. J. Adeyemi")]))
    before, was = news.groups(), news.state()[0]
    made = judge.merge_entities(news.lake, ["Mira Okafor", "M. J. Adeyemi"], "married", "rosa")
    assert len(news.groups()) == len(before) - 1
    assert made["decided_by"] == "rosa"
    assert len(made["counts_as"]) == 1
    moment = datetime.now(UTC)
    judge.undo_decision(news.lake, made["decision_id"], None, "rosa")
    assert news.groups() == before
    facts = "SELECT entity, current, name FROM entities ORDER BY 1"
    assert news.ask(facts) == [(row[0], row[1], row[3]) for row in sorted(was)]
    oldest = made["counts_as"][0]["entity"]
    then = f"SELECT DISTINCT surface FROM mentions_of_at('{oldest}', '{moment.isoformat()}')"
    assert len(news.ask(then)) == 2


def test_a_person_splits_an_article_off_and_takes_it_back(news: News) -> None:
    news.night(*((name, [Name("Mira Okafor"), Name("Lena Brandt")]) for name in "abc"))
    before = news.groups()
    made = judge.split_entity(news.lake, "Mira Okafor", [], ["b"], None, "rosa")
    who = news.who()
    assert who["b", "Mira Okafor"] != who["a", "Mira Okafor"] == who["c", "Mira Okafor"]
    news.night(("d", [Name("Mira Okafor"), Name("Lena Brandt")]))
    assert news.who()["b", "Mira Okafor"] == who["b", "Mira Okafor"]
    judge.undo_decision(news.lake, made["decision_id"], None, "rosa")
    assert {frozenset(m for m in g if m[0] != "d") for g in news.groups()} == before


def test_a_person_stands_above_the_machine(news: News) -> None:
    full = Name("Mira Okafor", "President", short="Okafor")
    news.night(
        *((f"a{n}", [full, Name("Lena Brandt")]) for n in range(3)),
        ("b", [Name("Okafor"), Name("Lena Brandt")]),
    )
    key = news.who()["b", "Okafor"]
    part = entity_key("PERSON", "Okafor")
    judge.split_entity(news.lake, key, [part], [], None, "rosa")
    news.night(
        *((f"c{n}", [full, Name("Lena Brandt")]) for n in range(9)),
        ("d", [Name("Okafor"), Name("Lena Brandt")]),
    )
    assert news.who()["d", "Okafor"] == news.who()["b", "Okafor"] == part
    assert news.who()["c1", "Mira Okafor"] != part


def test_what_a_person_refused_is_not_proposed_again(news: News) -> None:
    full = Name("Mira Okafor", "President", short="Okafor")
    night = [*((f"a{n}", [full, Name("Lena Brandt")]) for n in range(3))]
    news.night(*night, ("b", [Name("Okafor"), Name("Lena Brandt")]))
    ((merge,),) = news.ask("SELECT decision_id FROM entity_decisions")
    judge.undo_decision(news.lake, merge, "another", "rosa")
    news.night(("c", [full, Name("Lena Brandt")]), ("d", [Name("Okafor"), Name("Lena Brandt")]))
    assert news.who()["d", "Okafor"] != news.who()["c", "Mira Okafor"]


def test_the_order_of_articles_and_batches_does_not_matter(tmp_path: Path) -> None:
    articles: list[Article] = [
        *((f"a{n}", [MINISTER, HUNGARY, Name("Judit Kiss", short="Kiss")]) for n in range(3)),
        *((f"b{n}", [STRIKER, SPAIN, Name("Luis Mena")]) for n in range(3)),
        ("c", [Name("Kiss"), HUNGARY, MINISTER]),
        ("d", [Name("J. Kiss"), HUNGARY, MINISTER]),
    ]
    states = []
    for seed in range(3):
        chance = random.Random(seed)
        chance.shuffle(articles)
        lake = Warehouse(tmp_path / str(seed))
        put_empty(lake)
        news = News(lake)
        news.night(*articles)
        states.append((news.groups(), news.state()))
    assert states[0] == states[1] == states[2]


def test_the_index_may_be_deleted(news: News) -> None:
    full = Name("Mira Okafor", "President", short="Okafor")
    news.night(("a", [full, MINISTER, HUNGARY]), ("b", [STRIKER, SPAIN, Name("Luis Mena")]))
    news.night(("c", [full, MINISTER, HUNGARY]), ("d", [Name("Okafor")]))
    made = judge.split_entity(news.lake, full.full, [], ["c"], None, "rosa")
    judge.undo_decision(news.lake, made["decision_id"], None, "rosa")
    before = _dump(news.lake)
    shutil.rmtree(news.lake.root / "index")
    assert _dump(news.lake) == before


def test_a_killed_run_leaves_no_trace(news: News) -> None:
    news.night(("a", [Name("Mira Okafor")]))
    before, index = news.state(), _dump(news.lake)
    run_id, at = news.stage([("b", [Name("Lena Brandt"), Name("M. Okafor")])])
    register_staged(news.lake, run_id, at)
    shutil.rmtree(news.lake.staging(run_id))
    assert (news.state(), _dump(news.lake)) == (before, index)


def test_a_process_killed_after_the_publish_is_caught_up_with(news: News) -> None:
    run_id, at = news.stage([("a", [Name("Mira Okafor", short="Okafor")])])
    register_staged(news.lake, run_id, at)
    publish(news.lake, run_id, at)
    with open_index(news.lake) as index:
        assert index.bearers(entity_key("PERSON", "Mira Okafor"))[0].profile.articles == 1


def test_a_replay_makes_the_decisions_again(news: News, tmp_path: Path) -> None:
    nights: list[list[Article]] = [
        [("a", [Name("Mira Okafor"), HUNGARY]), ("b", [Name("M. J. Adeyemi")])],
        [("c", [Name("Mira Okafor"), HUNGARY])],
    ]
    news.lake.archive.mkdir()
    news.night(*nights[0])
    made = judge.merge_entities(news.lake, ["Mira Okafor", "M. J. Adeyemi"], "wed", "rosa")
    judge.split_entity(news.lake, "Mira Okafor", [], ["b"], None, "rosa")
    judge.undo_decision(news.lake, made["decision_id"], None, "rosa")
    news.night(*nights[1])
    other = News(Warehouse(tmp_path / "other"))
    put_empty(other.lake)
    other.night(*nights[0])
    assert make_again(other.lake, news.lake.archive, None) == 3
    other.night(*nights[1])
    assert other.groups() == news.groups()
    assert other.state() == news.state()
    assert make_again(other.lake, other.lake.archive, None) == 0


def test_mentions_are_never_rewritten(news: News) -> None:
    news.night(("a", [Name("Mira Okafor")]), ("b", [Name("M. J. Adeyemi")]))
    before = news.ask("SELECT * FROM lake.mentions ORDER BY mention_id")
    judge.merge_entities(news.lake, ["Mira Okafor", "M. J. Adeyemi"], None, "rosa")
    assert news.ask("SELECT * FROM lake.mentions ORDER BY mention_id") == before


def test_unknown_entities_are_told(news: News) -> None:
    news.night(("a", [Name("Mira Okafor")]))
    wrongs: list[Callable[[], object]] = [
        lambda: look.show_entity(news.lake, "Nobody", 5),
        lambda: judge.merge_entities(news.lake, ["Mira Okafor", "Mira Okafor"], None, "rosa"),
        lambda: judge.split_entity(news.lake, "Mira Okafor", [], ["a"], None, "rosa"),
        lambda: judge.split_entity(news.lake, "Mira Okafor", [], ["zz"], None, "rosa"),
        lambda: judge.split_entity(news.lake, "Mira Okafor", ["zz"], [], None, "rosa"),
        lambda: judge.undo_decision(news.lake, "zz", None, "rosa"),
    ]
    for wrong in wrongs:
        with pytest.raises(look.UnknownEntity):
            wrong()


def test_showing_and_listing(news: News) -> None:
    news.night(("a", [Name("Mira Okafor", "President")]), ("b", [Name("M. J. Adeyemi")]))
    judge.merge_entities(news.lake, ["Mira Okafor", "M. J. Adeyemi"], "married", "rosa")
    found = look.show_entity(news.lake, "Mira Okafor", 5)
    text = "\n".join(words.shown(found))
    assert all(part in text for part in ("married", "as President", "M. J. Adeyemi"))
    assert [(n["name"], n["mentions"], n["articles"]) for n in found["names"]] == [
        ("M. J. Adeyemi", 1, 1), ("Mira Okafor", 1, 1)
    ]  # fmt: skip
    few = look.show_entity(news.lake, "Mira Okafor", 1)
    assert (len(few["articles"]), few["articles_in_all"]) == (1, 2)
    assert "  and 1 older: --limit" in list(words.shown(few))
    (row,) = look.list_entities(news.lake, "adey", "PERSON", 5)
    assert row["names"] == ["M. J. Adeyemi", "Mira Okafor"]
    assert look.list_entities(news.lake, None, "ORG", 5) == []


def test_those_most_told_of_are_found_without_all_rows(
    news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    people = [f"{given} Zorro{end}" for given in ("Mira", "Tom", "Ana") for end in "abcdefgh"]
    article: list[Article] = []
    for number in range(30):
        some = chance.sample(people, 4)
        # named often in one article, which makes no more articles of it
        article.append((f"a{number}", [Name(n) for n in some for _ in range(chance.randint(1, 6))]))
    news.night(*article[:20])
    news.night(*article[20:])
    judge.merge_entities(news.lake, [people[0], people[9]], None, "rosa")
    judge.split_entity(news.lake, people[3], [], [_told(article, people[3])], None, "rosa")
    monkeypatch.setattr(rank, "AHEAD", 1)
    with connect(news.lake) as connection:
        for search, kind in ((None, None), (None, "ORG"), ("zorroa", None)):
            wanted = connection.execute(
                "SELECT m.entity, count(DISTINCT m.article_id) AS articles, count(*) AS n,"
                " list(DISTINCT m.canonical_name ORDER BY m.canonical_name)"
                " FROM mention_entities m JOIN entities c ON c.entity = m.entity"
                " WHERE c.type = ? GROUP BY m.entity"
                " HAVING bool_or(contains(lower(m.canonical_name), ?))"
                " ORDER BY articles DESC, n DESC, m.entity",
                [kind or "PERSON", search or ""],
            ).fetchall()
            for limit in (2, 50):
                rows = rank.rank_entities(connection, search, kind, limit)
                got = [(r["entity"], r["articles"], r["mentions"], r["names"]) for r in rows]
                assert got == wanted[:limit]


def _told(articles: list[Article], name: str) -> str:
    return next(key for key, names in articles if name in {n.full for n in names})


def _dump(lake: Warehouse) -> list[str]:
    with open_index(lake) as index:
        return list(index.database.iterdump())
