"""Places of one document chosen together."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.choose import Said, choose_places
from transforms.entities.described import find_described, find_home, find_outlet, find_setting
from transforms.entities.readings import find_readings

NAMES = ["Paris", "Texas", "Georgia", "London", "Ontario", "Tbilisi", "Salem", "Athens", "Lima"]


def said(name: str, *described: str) -> Said:
    return Said(find_readings(name), 1.0, (), frozenset(described))


def chosen(names: list[Said], **home: float) -> list[int | None]:
    return [c.readings[0][0].place.geonames_id for c in choose_places(names, {}, home)]


@given(st.lists(st.sampled_from(NAMES), min_size=1, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(names: list[str], random: Random) -> None:
    places = dict(zip(names, chosen([said(n) for n in names]), strict=True))
    shuffled = sorted(names, key=lambda _: random.random())
    assert dict(zip(shuffled, chosen([said(n) for n in shuffled]), strict=True)) == places


@given(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
def test_probabilities_of_a_name_add_up_and_shares_explain_the_order(names: list[str]) -> None:
    for choice in choose_places([said(n) for n in names], {"US": 2}, {"GB": 1.0}):
        assert sum(likely for _, likely, _ in choice.readings) == pytest.approx(1.0)
        totals = [sum(shares.values()) for _, _, shares in choice.readings]
        assert all(a >= b - 0.1 for a, b in pairwise(totals))


def test_the_word_beside_a_name_tells_the_kind_of_place() -> None:
    county = choose_places([said("Cork", "admin2")], {}, {})[0].readings[0][0].place
    assert (county.kind, county.country_code) == ("admin2", "IE")


def test_the_publishers_country_decides_between_equals() -> None:
    here = choose_places([said("Newport")], {}, {"GB": 1.0})[0].readings[0][0].place
    assert here.country_code == "GB"


@pytest.mark.parametrize(
    ("text", "name", "kinds"),
    [
        ("in Cook County today", "Cook", {"admin2"}),
        ("the mayor of Salem said", "Salem", {"city"}),
        ("the governor of Salem said", "Salem", {"admin1"}),
        ("in Cook, Grant and Lake counties", "Cook", {"admin2"}),
        ("near the Salem border", "Salem", {"admin1", "country"}),
        ("in Salem on Friday", "Salem", set()),
    ],
)
def test_what_stands_beside_a_name(text: str, name: str, kinds: set[str]) -> None:
    start = text.index(name)
    assert find_described(text, start, start + len(name)) == kinds


def test_an_address_tells_country_and_town() -> None:
    assert find_home("https://www.harwichherald.co.uk/news/1") == {"GB": 1.0}
    assert find_home("https://example.com/a") == find_home(None) == {}
    assert find_outlet("http://www.salemherald.com/x") == "salem"
    assert find_outlet("https://salem.com/x") is None


def test_local_news_names_offices_of_its_country() -> None:
    text = "The Cook County Board of Education met, the sheriff's office said"
    assert find_setting(text) == {"US": 1.0}
    assert find_setting("The Cork county board met in Dublin") == {}
    with_setting = choose_places([said("Athens")], {}, {}, find_setting(text))
    assert with_setting[0].readings[0][2]["setting"] > 0


def test_great_cities_of_the_world_stay_themselves() -> None:
    names = [said("Berlin"), said("Brussels"), said("Zurich")]
    found = [c.readings[0][0].place.country_code for c in choose_places(names, {}, {})]
    assert found == ["DE", "BE", "CH"]


def test_a_letter_is_a_direction() -> None:
    assert find_readings("W. Columbia")[0].place.display == "West Columbia"


def test_a_division_is_known_without_the_word_for_it() -> None:
    assert [r.place.kind for r in find_readings("Idlib Province")] == ["admin1"]
    assert find_readings("Ohio State") == find_readings("Maryland State") == ()
