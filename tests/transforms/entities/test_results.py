"""Lines of results are read by their shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.results import find_results


def read(text: str) -> list[tuple[str, str]]:
    return [(text[n.start : n.end], n.kind) for n in sorted(find_results(text, is_sport=True))]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Harwich 2 Port Ellen 0", [("Harwich", "ORG"), ("Port Ellen", "ORG")]),
        ("Norway 3 Peru 1 (halftime 1-0)", [("Norway", "PLACE"), ("Peru", "PLACE")]),
        ("4. Harwich Rovers 12 7 3 2 19 8 24", [("Harwich Rovers", "ORG")]),
        ("BARROW 63 72 .467 12 1/2", [("BARROW", "ORG")]),
        ("Postponed: Harwich v Barrow", [("Harwich", "ORG"), ("Barrow", "ORG")]),
        ("1. Mira Okafor (Norway) 10.48", [("Mira Okafor", "PERSON"), ("Norway", "PLACE")]),
        (
            "2. Jens Berg (Denmark) Nordbank 1:23",
            [("Jens Berg", "PERSON"), ("Denmark", "PLACE"), ("Nordbank", "ORG")],
        ),
        (
            "T. Okafor c Berg b Lind 41",
            [("T. Okafor", "PERSON"), ("Berg", "PERSON"), ("Lind", "PERSON")],
        ),
        (
            "1 - Mira Okafor, 2 - Jens Berg (14 - Tom Lind 46th), 3 - Ola Ek (Ulf Dahl, 70).",
            [(p, "PERSON") for p in ("Mira Okafor", "Jens Berg", "Tom Lind", "Ola Ek", "Ulf Dahl")],
        ),
        ("Division two", []),
        ("Total 250 6 7 8", []),
    ],
)  # fmt: skip
def test_a_line_has_teams_players_and_countries(line: str, names: list[tuple[str, str]]) -> None:
    assert read(line) == names


def test_only_texts_about_sport_have_results() -> None:
    assert find_results("Harwich 2 Barrow 0", is_sport=False) == []


@given(st.text(alphabet="ABcd 12-.()\nv,"))
def test_spans_lie_in_the_text(text: str) -> None:
    for name in find_results(text, is_sport=True):
        assert 0 <= name.start < name.end <= len(text)
        assert text[name.start].isalpha()
