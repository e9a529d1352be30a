"""Where a place is that no gazetteer has."""

from __future__ import annotations

import pandas as pd

from tests.transforms.entities.test_link import linked
from transforms.entities.link import link_places
from transforms.entities.places import Place
from transforms.entities.readings import find_readings
from transforms.entities.surroundings import find_around, find_town
from transforms.text import Text


def place_of(name: str) -> Place:
    return find_readings(name)[0].place


def placed(text: str, *names: str) -> pd.DataFrame:
    """The mentions of places in a text, linked."""
    frame = linked([("a", "PLACE", name) for name in names])
    starts = [text.index(name) for name in names]
    ends = [start + len(name) for start, name in zip(starts, names, strict=True)]
    return link_places(frame.assign(start=starts, end=ends), [Text("a", "v", text)])


def test_what_is_beside_a_name_holds_it() -> None:
    text = "the Zorro Docks in Oslo and Lima's Zorro Gate"
    oslo, lima = place_of("Oslo"), place_of("Lima")
    spots = [(19, 23, oslo), (28, 32, lima)]
    assert find_around(text, 4, 15, spots) is oslo
    assert find_around(text, 35, 45, spots) is lima
    assert find_around(text, 35, 40, spots[:1]) is None


def test_a_town_named_twice_and_most_is_what_a_text_is_about() -> None:
    oslo, lima = place_of("Oslo"), place_of("Lima")
    assert find_town([(0, 4, oslo), (9, 13, lima), (20, 24, oslo)]) == oslo
    assert find_town([(0, 4, oslo), (9, 13, oslo), (20, 24, lima), (30, 34, lima)]) is None
    assert find_town([(0, 4, oslo)]) is None
    assert find_town([(0, 6, place_of("Norway")), (9, 15, place_of("Norway"))]) is None


def test_an_unknown_place_is_around_and_has_no_id() -> None:
    row = placed("A fire in Zorrovik, Norway, spread.", "Zorrovik", "Norway").iloc[0]
    assert (row["precision"], row["country_code"]) == ("around", "NO")
    assert pd.isna(row["geonames_id"])


def test_a_state_after_the_comma_that_has_no_such_town_says_that_it_is_another() -> None:
    row = placed("He grew up in London, Vermont, he said.", "London", "Vermont").iloc[0]
    assert row["admin1_code"] != "VT"  # a name that all the world knows stays
    row = placed("He grew up in Tromsdal, Vermont, he said.", "Tromsdal", "Vermont").iloc[0]
    assert (row["precision"], row["admin1_code"]) == ("around", "VT")


def test_a_road_is_not_put_into_the_town_of_its_text() -> None:
    text = "Oslo closed Highway 9 today. The mayor of Oslo said so."
    frame = placed(text, "Highway 9", "Oslo")
    again = linked([("a", "PLACE", n) for n in ("Oslo", "Highway 9", "Oslo")])
    spans = [(0, 4), (12, 21), (42, 46)]
    again = again.assign(start=[s for s, _ in spans], end=[e for _, e in spans])
    assert link_places(again, [Text("a", "v", text)])["precision"].isna()[1]
    assert frame["precision"].isna()[0]
