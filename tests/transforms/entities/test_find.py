"""Names of a document: spans are exact, never overlap, never crash."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.cluster import cluster_names
from transforms.entities.find import find_mentions
from transforms.language.document import Document, Name
from transforms.text import Text


def document_of(text: str, names: list[Name] | None = None) -> Document:
    starts, ends, words, at = [], [], text.split(), 0
    for word in words:
        at = text.index(word, at)
        starts.append(at)
        at += len(word)
        ends.append(at)
    blank = [""] * len(words)
    return Document(
        text=text, words=words, starts=starts, ends=ends, lowers=[w.lower() for w in words],
        lemmas=blank, tags=blank, pos=blank, deps=blank, heads=list(range(len(words))),
        sentences=[(0, len(words))] if words else [], names=names or [],
    )  # fmt: skip


def mentions_of(text: str, names: list[Name] | None = None) -> list[tuple[str, str, str]]:
    rows = find_mentions(Text("a", "v", text), document_of(text, names))
    return [(text[r.start : r.end], r.type, r.canonical_name) for r in rows]


def test_credit_lines_name_agencies() -> None:
    assert [m[:2] for m in mentions_of("With material from dpa and AP")] == [
        ("dpa", "ORG"),
        ("AP", "ORG"),
    ]


def test_a_surname_stands_for_the_full_name() -> None:
    names = [Name(0, 2, "PERSON"), Name(3, 4, "PERSON")]
    assert mentions_of("Mira Okafor spoke. Okafor left", names)[1][2] == "Mira Okafor"


def test_two_people_of_one_surname_leave_it_alone() -> None:
    people = [("Mira Okafor", "PERSON"), ("Tom Okafor", "PERSON"), ("Okafor", "PERSON")]
    assert cluster_names(people, {})[2] == "Okafor"


def test_possessive_is_no_part_of_a_name() -> None:
    assert mentions_of("Norway's coast", [Name(0, 1, "GPE")]) == [("Norway", "PLACE", "Norway")]


def test_brackets_after_a_body_hold_its_short_name() -> None:
    text = "the Harbour Rescue Union (HRU) met"
    names = [Name(1, 4, "ORG")]
    assert [m[:2] for m in mentions_of(text, names)] == [
        ("Harbour Rescue Union", "ORG"),
        ("HRU", "ORG"),
    ]
    assert [m[0] for m in mentions_of("Harbour Rescue (OK) met", [Name(0, 2, "ORG")])] == [
        "Harbour Rescue"
    ]


def test_brackets_introduce_an_acronym() -> None:
    assert mentions_of("the PRB (port review board) met")[0][2] == "port review board"


def test_brackets_that_abbreviate_something_else_do_not() -> None:
    assert mentions_of("the PRB (once a week) met") == []


def test_a_name_sure_somewhere_is_found_everywhere() -> None:
    found = mentions_of("Norway won . NORWAY and Norway", [Name(0, 1, "GPE")])
    assert [m[0] for m in found] == ["Norway", "NORWAY", "Norway"]
    assert {m[1:] for m in found} == {("PLACE", "Norway")}


def test_a_longer_name_of_the_model_wins() -> None:
    found = mentions_of("The Reuters Garden Society met", [Name(1, 4, "ORG")])
    assert found[0][0] == "Reuters Garden Society"


def test_a_dateline_in_capitals_is_a_place() -> None:
    assert mentions_of("BEIRUT (AP) - Rain fell")[0][:2] == ("BEIRUT", "PLACE")


def test_a_town_before_its_state_is_a_place() -> None:
    found = mentions_of("Mansfield, Ohio", [Name(0, 1, "PERSON"), Name(1, 2, "GPE")])
    assert [m[1] for m in found] == ["PLACE", "PLACE"]


@given(st.text(), st.sampled_from(["PERSON", "ORG", "GPE", "EVENT", "DATE"]))
def test_spans_are_exact_and_apart_on_any_text(text: str, label: str) -> None:
    document = document_of(text, [Name(i, i + 1, label) for i in range(len(text.split()))])
    rows = find_mentions(Text("a", "v", text), document)
    assert all(0 <= r.start < r.end <= len(text) for r in rows)
    assert all(a.end <= b.start for a, b in pairwise(rows))
