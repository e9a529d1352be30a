"""Places and entities of mentions."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.link import PLACED, link_places

Said = tuple[str, str, str]
"""Article, type, name."""


def linked(said: list[Said], gap: int = 20) -> pd.DataFrame:
    starts, at = [], 0
    for _, _, name in said:
        starts.append(at)
        at += len(name) + gap
    empty = pd.Series([None] * len(said), dtype=object)
    frame = pd.DataFrame(
        {
            "article_id": [article for article, _, _ in said],
            "start": starts,
            "end": [start + len(name) for start, (_, _, name) in zip(starts, said, strict=True)],
            "type": [kind for _, kind, _ in said],
            "canonical_name": [name for _, _, name in said],
            "role": ["place" if kind == "PLACE" else None for _, kind, _ in said],
        }
        | dict.fromkeys((*PLACED, "entity_id", "actor_id"), empty)
    )
    return link_places(frame)


def places_of(*names: str, gap: int = 20) -> pd.DataFrame:
    return linked([("a", "PLACE", name) for name in names], gap)


def test_a_name_without_place_has_a_key_that_ignores_case() -> None:
    frame = linked([("a", "ORG", "Port Board"), ("a", "ORG", "PORT BOARD"), ("a", "PLACE", "Oslo")])
    assert frame["entity_id"][0] == frame["entity_id"][1]
    assert frame["entity_id"][2] == "geonames:3143244"
    assert frame["geonames_id"].isna().tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("name", "country", "precision"),
    [
        ("U.S.", "US", "country"),
        ("the United States", "US", "country"),
        ("Britain", "GB", "country"),
        ("Islamabad", "PK", "city"),
        ("Bombay", "IN", "city"),
        ("Kābul", "AF", "city"),
        ("W.Va.", "US", "admin1"),
        ("Black Sea", None, "region"),
        ("northern Norway", "NO", "country"),
    ],
)
def test_a_name_alone_is_the_place_most_mean(
    name: str, country: str | None, precision: str
) -> None:
    row = places_of(name).iloc[0]
    assert (row["country_code"], row["precision"]) == (country, precision)


def test_what_follows_the_comma_holds_the_place() -> None:
    assert places_of("Paris", "Texas", gap=2)["country_code"].tolist() == ["US", "US"]
    assert places_of("London", "Ontario", gap=2)["admin1_code"].tolist() == ["08", "08"]


def test_other_places_decide_between_readings() -> None:
    assert places_of("Georgia", "Tbilisi", "Batumi")["country_code"][0] == "GE"
    assert places_of("Georgia", "Atlanta", "Savannah")["country_code"][0] == "US"


def test_a_people_has_its_country() -> None:
    frame = linked([("a", "GROUP", "Afghans"), ("a", "GROUP", "Norwegian"), ("a", "GROUP", "Zzz")])
    assert frame["country_code"].tolist() == ["AF", "NO", None]


_said = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["PLACE", "GROUP", "ORG"]),
        st.sampled_from(["Paris", "Texas", "Georgia", "Springfield", "London", "Afghan", "Zq"])
        | st.text(max_size=8),
    ),
    max_size=8,
)


@given(_said)
def test_a_document_is_linked_as_if_it_were_alone(said: list[Said]) -> None:
    together = linked(said)
    for article, rows in together.groupby("article_id"):
        alone = rows.assign(geonames_id=None, country_code=None)
        again = link_places(alone)
        assert again["entity_id"].tolist() == rows["entity_id"].tolist(), article
