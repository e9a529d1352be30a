"""Knowledge files: three formats, and names that are linked to what they have."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.knowledge import open_knowledge, read_things
from flows.registry.index import RegistryIndex
from flows.registry.night import register
from transforms.entities.keys import entity_key
from transforms.registry.knowledge import KnowledgeError, Thing
from transforms.registry.place import Point, kilometres
from transforms.registry.sighting import Sighting

MIRA = Thing("Q90000001", ("Mira Okafor", "Miriam A. Okafor"), "PERSON", "NG", "Q90000001")
PORT = Thing("port", ("Lagos Port Works", "LPW"), "ORG", "NG", "Q90000002")
CSV = """id,name,aliases,type,country,wikidata_id
Q90000001,Mira Okafor,Miriam A. Okafor,person,ng,
port,Lagos Port Works,LPW,ORG,NG,Q90000002
"""


def things(path: Path) -> list[Thing]:
    return list(read_things(path))


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "known.csv"
    path.write_text(CSV, encoding="utf-8")
    assert things(path) == [MIRA, PORT]
    zipped = tmp_path / "known.csv.gz"
    zipped.write_bytes(gzip.compress(CSV.encode()))
    assert things(zipped) == [MIRA, PORT]


def test_parquet(tmp_path: Path) -> None:
    rows = [
        {"id": t.id, "names": list(t.names), "type": t.kind, "country": t.country,
         "wikidata_id": t.wikidata_id}
        for t in (MIRA, PORT)
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "known.parquet")
    assert things(tmp_path / "known.parquet") == [MIRA, PORT]


def test_followthemoney(tmp_path: Path) -> None:
    path = tmp_path / "known.jsonl"
    rows = [
        {"id": "Q90000001", "schema": "Person", "properties": {
            "name": ["Mira Okafor"], "alias": ["Miriam A. Okafor"], "nationality": ["ng"]}},
        {"id": "port", "schema": "Company", "properties": {
            "name": ["Lagos Port Works"], "alias": ["LPW"], "country": ["ng"],
            "wikidataId": ["Q90000002"]}},
        {"id": "v", "schema": "Vessel", "properties": {"name": ["Albatross"]}},
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert things(path) == [MIRA, PORT]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", "id,name,type\n,Mira,PERSON\n", "row 1: a row has no id"),
        ("a.csv", "id,name,type\nx,Mira,SHIP\n", "the type 'SHIP' is none of"),
        ("a.jsonl", '{"id": 1\n', "row 1"),
        ("a.xls", "", "that ends in .csv"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=told.replace("(", r"\(")):
        things(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"nothing\.csv"):
        open_knowledge(tmp_path / "nothing.csv", tmp_path / "index.sqlite")


def test_the_index_follows_the_file(tmp_path: Path) -> None:
    path, index = tmp_path / "known.csv", tmp_path / "index.sqlite"
    path.write_text(CSV, encoding="utf-8")
    key = entity_key("PERSON", "Miriam A. Okafor")
    assert open_knowledge(path, index).named(key) == [MIRA]
    assert open_knowledge(path, index).named(entity_key("PERSON", "Nobody Known")) == []
    path.write_text(CSV.replace("Miriam A.", "Maria"), encoding="utf-8")
    os.utime(path, (1, 1))
    assert open_knowledge(path, index).named(key) == []


def sighting(article: str, name: str, country: str | None = "NG") -> Sighting:
    features = frozenset({f"c:{country}"} if country else ())
    return Sighting(article, entity_key("PERSON", name), "PERSON", name, frozenset(), features)


def register_with(tmp_path: Path, csv: str, *sightings: Sighting) -> dict[str, tuple[str, str]]:
    path = tmp_path / "known.csv"
    path.write_text(csv, encoding="utf-8")
    knowledge = open_knowledge(path, tmp_path / "knowledge.sqlite")
    index = RegistryIndex(tmp_path / "entities.sqlite")
    with index.changes(keep=True):
        changes = register(index, sightings, "run", datetime(2026, 3, 12, tzinfo=UTC), knowledge)
    return {e.name: (e.current, e.wikidata_id or "") for e in changes.entities.values()}


def test_two_names_of_one_known_person_are_one(tmp_path: Path) -> None:
    found = register_with(
        tmp_path, CSV, sighting("a", "Mira Okafor"), sighting("b", "Miriam A. Okafor")
    )
    assert found["Mira Okafor"] == found["Miriam A. Okafor"]
    assert found["Mira Okafor"][1] == "Q90000001"


def test_a_name_of_two_is_linked_by_country_or_not_at_all(tmp_path: Path) -> None:
    two = CSV + "Q90000003,Mira Okafor,,PERSON,GB,\n"
    unknown = register_with(tmp_path, two, sighting("a", "Mira Okafor", None))
    assert unknown["Mira Okafor"][1] == ""
    (tmp_path / "entities.sqlite").unlink()
    assert register_with(tmp_path, two, sighting("a", "Mira Okafor", "GB"))["Mira Okafor"][1] in (
        "Q90000003",
    )


PLACES = """id,name,type,country,wikidata_id,weight,geonames_id,latitude,longitude
Q90000010,Port Amber,PLACE,NG,,30,4242,6.4,3.4
Q90000011,Fort Amber,PLACE,NG,,30,,6.5,3.5
Q90000012,Fort Amber,PLACE,CA,,90,,56.0,-110.0
Q90000013,Far Amber,PLACE,NG,,1,,13.0,5.2
Q90000014,New Amber,PLACE,NG,,1,4243,6.4,3.4
"""


def place(key: str, name: str, country: str | None, point: Point | None) -> Sighting:
    return Sighting("a", key, "PLACE", name, frozenset(), frozenset(), country, point)


def test_places_are_linked_by_id_or_by_name_country_and_distance(tmp_path: Path) -> None:
    here = (6.45, 3.45)
    found = register_with(
        tmp_path,
        PLACES,
        place("geonames:4242", "Amberport", None, None),
        place("geonames:7", "Fort Amber", "NG", here),
        place("geonames:8", "Far Amber", "NG", here),  # of the name, and 700 km away
        place("geonames:9", "New Amber", "NG", here),  # the file has another id for it
        place(entity_key("PLACE", "Fort Amber"), "FORT AMBER", None, None),
    )
    assert {name: known for name, (_, known) in found.items()} == {
        "Amberport": "Q90000010", "Fort Amber": "Q90000011", "Far Amber": "", "New Amber": "",
        "FORT AMBER": "",
    }  # fmt: skip


def test_the_distance_is_that_on_the_globe() -> None:
    assert kilometres((0.0, 0.0), (0.0, 180.0)) == pytest.approx(20_015, abs=1)
    assert kilometres((52.52, 13.40), (48.86, 2.35)) == pytest.approx(878, abs=3)
    assert kilometres((10.0, 10.0), (10.0, 10.0)) == 0
