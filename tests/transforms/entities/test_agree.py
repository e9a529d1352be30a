"""One type for one name."""

from __future__ import annotations

from tests.transforms.entities.test_find import document_of
from transforms.entities.agree import agree_types
from transforms.entities.context import Context
from transforms.entities.found import Found

Wanted = tuple[str, str, str]
"""Surface, type and model label."""


def agreed(text: str, *names: Wanted, sport: bool = False) -> list[str]:
    found, at = [], 0
    for surface, kind, label in names:
        at = text.index(surface, at)
        found.append(Found(at, at + len(surface), kind, label))
        at += len(surface)
    return [name.kind for name in agree_types(Context(document_of(text), sport, sport), found)]


def test_a_name_that_is_clear_once_is_clear_everywhere() -> None:
    text = "the village of Zarro fell . Zarro is small"
    assert (
        agreed(text, ("Zarro", "PERSON", "PERSON"), ("Zarro", "PERSON", "PERSON")) == ["PLACE"] * 2
    )


def test_a_surname_is_the_person_it_belongs_to() -> None:
    text = "Mira Okafor spoke . Okafor left"
    names = [("Mira Okafor", "PERSON", "PERSON"), ("Okafor", "ORG", "ORG")]
    assert agreed(text, *names) == ["PERSON", "PERSON"]


def test_legal_forms_and_titles_tell() -> None:
    assert agreed("Harwich Ltd grew", ("Harwich Ltd", "PERSON", "PERSON")) == ["ORG"]
    assert agreed("Mr. Zarro left", ("Zarro", "ORG", "ORG")) == ["PERSON"]
    assert agreed("Harwich Cup opens", ("Harwich Cup", "ORG", "ORG")) == ["EVENT"]


def test_a_city_in_sport_is_its_team_unless_something_is_in_it() -> None:
    text = "Leeds beat them in Leeds yesterday"
    names = [("Leeds", "PLACE", "GPE"), ("Leeds", "PLACE", "GPE")]
    assert agreed(text, *names, sport=True) == ["ORG", "PLACE"]
    assert agreed(text, *names) == ["PLACE", "PLACE"]


def test_apposition_after_a_country_is_no_list() -> None:
    text = "The envoy to Norway, Mira Okafor, left"
    names = [("Norway", "PLACE", "GPE"), ("Mira Okafor", "PERSON", "PERSON")]
    assert agreed(text, *names) == ["PLACE", "PERSON"]


def test_a_list_shares_its_type() -> None:
    text = "from Oslo, Bergen, Zarro and Lima today"
    names = [("Oslo", "PLACE", "GPE"), ("Bergen", "PLACE", "GPE"), ("Zarro", "PERSON", "PERSON"),
             ("Lima", "PLACE", "GPE")]  # fmt: skip
    assert agreed(text, *names)[2] == "PLACE"


def test_a_town_of_a_country_that_is_named_is_the_town() -> None:
    names = [("Pakistan", "PLACE", "GPE"), ("Gwadar", "ORG", "ORG")]
    assert agreed("Pakistan closed Gwadar yesterday", *names) == ["PLACE", "PLACE"]
    assert agreed("Gwadar closed", ("Gwadar", "ORG", "ORG")) == ["ORG"]
    names = [("Pakistan", "PLACE", "GPE"), ("Gwadar", "ORG", "ORG")]
    assert agreed("Pakistan beat Gwadar yesterday", *names, sport=True)[1] == "ORG"


def test_capitals_that_are_no_place_are_a_body() -> None:
    assert agreed("the ZQF said so", ("ZQF", "PLACE", "GPE")) == ["ORG"]
    assert agreed("the UAE said so", ("UAE", "PLACE", "GPE")) == ["PLACE"]


def test_a_small_town_is_known_by_its_neighbours() -> None:
    text = "Corvallis grew . Philomath grew"
    towns = [("Corvallis", "PLACE", "GPE"), ("Philomath", "ORG", "ORG")]
    assert agreed(text, *towns) == ["PLACE", "PLACE"]
    assert agreed("Oslo grew . Philomath grew", ("Philomath", "ORG", "ORG")) == ["ORG"]


def test_capitals_are_the_body_whose_first_letters_they_are() -> None:
    text = "the Harbour Rescue Union met . HRU spoke"
    names = [("Harbour Rescue Union", "ORG", "ORG"), ("HRU", "PERSON", "PERSON")]
    assert agreed(text, *names) == ["ORG", "ORG"]


def test_what_befalls_only_people_tells_a_person() -> None:
    assert agreed("Salem was arrested", ("Salem", "PLACE", "GPE")) == ["PERSON"]
    assert agreed("Salem 's widow left", ("Salem", "PLACE", "GPE")) == ["PERSON"]
    assert agreed("Salem was rebuilt", ("Salem", "PLACE", "GPE")) == ["PLACE"]


def test_officials_are_of_a_place_only_where_the_name_can_be_one() -> None:
    assert agreed("Salem officials met", ("Salem", "ORG", "ORG")) == ["PLACE"]
    assert agreed("Zarrowind officials met", ("Zarrowind", "ORG", "ORG")) == ["ORG"]


def test_what_is_itself_and_based_somewhere_is_a_body() -> None:
    assert agreed("Zarro said it grew", ("Zarro", "PERSON", "PERSON")) == ["ORG"]
    assert agreed("Zarro , based in Oslo , grew", ("Zarro", "PERSON", "PERSON")) == ["ORG"]


def test_people_live_in_places() -> None:
    text = "Mira Okafor of Salem left"
    names = [("Mira Okafor", "PERSON", "PERSON"), ("Salem", "ORG", "ORG")]
    assert agreed(text, *names) == ["PERSON", "PLACE"]


def test_a_country_is_one_whatever_its_words_are() -> None:
    assert agreed("the Russian Federation", ("Russian Federation", "ORG", "ORG")) == ["PLACE"]
    name = "Federal Republic of Zarro"
    assert agreed(f"the {name}", (name, "ORG", "ORG")) == ["PLACE"]


def test_a_surname_may_be_a_hill() -> None:
    assert agreed("Mira Hill spoke", ("Mira Hill", "PERSON", "PERSON")) == ["PERSON"]
    assert agreed("Harwich Hill burnt", ("Harwich Hill", "PLACE", "LOC")) == ["PLACE"]


def test_people_have_no_article() -> None:
    assert agreed("the Zarro said", ("Zarro", "PERSON", "PERSON")) == ["ORG"]


def test_a_town_is_no_body_for_having_a_police_department() -> None:
    text = "Salem Police Department said Salem grew"
    names = [("Salem Police Department", "ORG", "ORG"), ("Salem", "PLACE", "GPE")]
    assert agreed(text, *names) == ["ORG", "PLACE"]


def test_a_team_is_known_by_its_second_name() -> None:
    text = "the Harwich Rovers won . Rovers lead"
    names = [("Harwich Rovers", "ORG", "ORG"), ("Rovers", "PLACE", "LOC")]
    assert agreed(text, *names) == ["ORG", "ORG"]
