"""Names that their own words or what stands beside them give away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.entities.test_find import document_of
from transforms.entities.capitals import find_datelines
from transforms.entities.events import find_events
from transforms.entities.nested import find_nested
from transforms.entities.peoples import find_peoples, place_of_people
from transforms.entities.placed import find_roads, find_seats


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("the Harwich Open starts", "Harwich Open"),
        ("BEAT NORWAY IN NORDIC CUP", "NORDIC CUP"),
        ("on Sunday Lima Marathon", "Lima Marathon"),
    ],
)
def test_contests_end_in_a_word_for_one(text: str, event: str) -> None:
    assert [text[n.start : n.end] for n in find_events(text)] == [event]


@given(st.text(alphabet="Aa CupOpen."))
def test_contests_are_in_the_text(text: str) -> None:
    assert all(0 <= n.start < n.end <= len(text) for n in find_events(text))


def test_peoples_are_found_in_all_their_forms() -> None:
    text = "Sri Lankan and Bosnian Serb leaders met Norwegians ; the polish on it"
    found = find_peoples(document_of(text))
    assert [text[n.start : n.end] for n in found] == ["Sri Lankan", "Bosnian Serb", "Norwegians"]


def test_peoples_have_the_country_or_division_they_are_of() -> None:
    countries = [("Afghans", "AF"), ("intra-Afghan", "AF"), ("Welsh", "GB"), ("Bosnian Serb", "RS")]
    for people, code in countries:
        place = place_of_people(people)
        assert place is not None
        assert place.country_code == code
    assert place_of_people("Kurds") is None


def test_roads_and_seats() -> None:
    text = "on Highway 30 near Old Mill Road, said Rep. Mira Berg, D-Salem, of the City of Lima"
    assert [text[n.start : n.end] for n in find_roads(text)] == ["Highway 30", "Old Mill Road"]
    assert [text[n.start : n.end] for n in find_seats(text)] == ["Salem", "Lima"]


def test_a_dateline_may_follow_a_headline() -> None:
    text = "Rain floods streets. SALEM — Rain fell"
    assert [text[n.start : n.end] for n in find_datelines(text)] == ["SALEM"]
    assert find_datelines("CRICKET - RAIN STOPS PLAY") == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Salem Police Department", "Salem"),
        ("University of Leeds", "Leeds"),
        ("Ohio Department of Transportation", "Ohio"),
        ("National Bank", None),
        ("Harbour Watch", None),
        ("Leeds", None),
    ],
)
def test_a_body_may_be_named_after_its_place(body: str, place: str | None) -> None:
    span = find_nested(body, ())
    assert (body[slice(*span)] if span is not None else None) == place
