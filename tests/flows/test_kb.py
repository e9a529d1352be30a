"""A knowledge file from a dump of Wikidata."""

from __future__ import annotations

import bz2
import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.kb import build_knowledge
from flows.knowledge import read_things
from transforms.registry.knowledge import KnowledgeError, Thing


def claim(value: Any, rank: str = "normal") -> dict[str, Any]:
    return {"rank": rank, "mainsnak": {"snaktype": "value", "datavalue": {"value": value}}}


def item(key: str, name: str, *aliases: str, sitelinks: int = 0, **claims: Any) -> dict[str, Any]:
    return {
        "id": key,
        "labels": {"en": {"language": "en", "value": name}},
        "aliases": {"en": [{"language": "en", "value": alias} for alias in aliases]},
        "claims": {p: v if isinstance(v, list) else [v] for p, v in claims.items()},
        "sitelinks": {f"wiki{n}": {} for n in range(sitelinks)},
    }


HUMAN, PARTY, NIGERIA = {"id": "Q5"}, {"id": "Q7278"}, {"id": "Q91"}
ITEMS = [
    item("Q900", "Mira Okafor", "Miriam Okafor", P31=claim(HUMAN), P27=claim(NIGERIA), sitelinks=3),
    item("Q901", "Harbour Party", "HP", P31=[claim({"id": "Q1"}), claim(PARTY)]),
    item("Q91", "Nowhereland", P31=claim({"id": "Q6256"}), P297=claim("NG")),
    item(
        "Q906",
        "Port Amber",
        P31=claim({"id": "Q2"}),
        P17=claim(NIGERIA),
        P1566=claim("4242"),
        P625=claim(
            {"latitude": 6.4, "longitude": 3.4, "globe": "http://www.wikidata.org/entity/Q2"}
        ),
    ),
    item(
        "Q907",
        "Crater Amber",
        P1566=claim("4243"),
        P625=claim(
            {"latitude": 1.0, "longitude": 2.0, "globe": "http://www.wikidata.org/entity/Q405"}
        ),
    ),
    item("Q902", "No longer one", P31=claim(HUMAN, "deprecated")),
    item("Q903", "Somevalue", P31={"rank": "normal", "mainsnak": {"snaktype": "somevalue"}}),
    {"id": "Q904", "labels": {"de": {"value": "Nur deutsch"}}, "claims": {"P31": [claim(HUMAN)]}},
    {"id": "Q905", "labels": [], "aliases": [], "claims": [], "sitelinks": []},
]
THINGS = [
    Thing("Q900", ("Mira Okafor", "Miriam Okafor"), "PERSON", "NG", "Q900", 4.0),
    Thing("Q901", ("Harbour Party", "HP"), "ORG", None, "Q901", 1.0),
    Thing("Q906", ("Port Amber",), "PLACE", "NG", "Q906", 1.0, 4242, (6.4, 3.4)),
    Thing("Q907", ("Crater Amber",), "PLACE", None, "Q907", 1.0, 4243, None),
]


def as_dump(items: list[dict[str, Any]]) -> bytes:
    return ("[\n" + ",\n".join(map(json.dumps, items)) + "\n]\n").encode()


@pytest.mark.parametrize(
    ("name", "pack"),
    [("d.json", bytes), ("d.json.gz", gzip.compress), ("d.json.bz2", bz2.compress)],
)
def test_things_that_news_names_are_read(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / name).write_bytes(pack(as_dump(ITEMS)))
    built = build_knowledge(tmp_path / name, tmp_path / "kb.parquet", lambda _: None)
    assert (built.items, built.things) == (len(ITEMS), len(THINGS))
    assert list(read_things(tmp_path / "kb.parquet")) == THINGS
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "kb.parquet"])


@pytest.mark.parametrize("wrong", [b'{"id": "Q1"', b"[1, 2]", b"3"])
def test_a_broken_dump_is_named_and_leaves_nothing(tmp_path: Path, wrong: bytes) -> None:
    (tmp_path / "d.json").write_bytes(b"[\n" + json.dumps(ITEMS[0]).encode() + b",\n" + wrong)
    with pytest.raises(KnowledgeError, match=r"d\.json, line 3"):
        build_knowledge(tmp_path / "d.json", tmp_path / "kb.parquet", lambda _: None)
    assert [p.name for p in tmp_path.iterdir()] == ["d.json"]


def test_memory_does_not_grow_with_the_dump(tmp_path: Path) -> None:
    peaks = []
    for count in (12_000, 36_000):
        path = tmp_path / "d.json.gz"
        with gzip.open(path, "wb", compresslevel=1) as out:
            for number in range(count):
                out.write(json.dumps(ITEMS[0] | {"id": f"Q{number}"}).encode() + b",\n")
        tracemalloc.start()
        build_knowledge(path, tmp_path / "kb.parquet", lambda _: None)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
