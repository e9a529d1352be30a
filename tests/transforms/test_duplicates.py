"""Near-duplicates."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.duplicates import PERMUTATIONS, cluster, signature

STORY = " ".join(
    f"The {n} ferry left the harbour with {k} passengers and a cargo of {c}."
    for n, k, c in zip(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"],
        ["ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty"],
        ["grain", "timber", "steel", "cotton", "coffee", "salt", "copper", "wool"],
        strict=True,
    )
)
OTHER = "Snow closed the mountain pass for a week, and the post was carried by sledge. " * 3


def test_a_story_with_another_credit_is_the_same_story() -> None:
    wire = signature(STORY)
    outlet = signature(STORY + " Reporting by the Harbour Gazette.")
    assert cluster([wire, signature(OTHER), outlet]) == [0, 1, 0]


def test_case_and_punctuation_do_not_matter() -> None:
    assert np.array_equal(signature(STORY), signature(STORY.upper().replace(".", " !")))


def test_no_texts_make_no_clusters() -> None:
    assert cluster([]) == []


def test_a_signature_stays_the_same_between_releases() -> None:
    # signatures are stored: another value here needs another VERSION
    assert signature("One ferry left the harbour.")[:3].tolist() == [
        int(v) for v in signature("one FERRY left the harbour")[:3]
    ]


@settings(max_examples=50)
@given(st.lists(st.text(max_size=200), max_size=8))
def test_every_text_has_a_leader_that_leads_itself(texts: list[str]) -> None:
    signatures = [signature(text) for text in texts]
    assert all(s.shape == (PERMUTATIONS,) and s.dtype == np.uint32 for s in signatures)
    leaders = cluster(signatures)
    assert all(leader <= i and leaders[leader] == leader for i, leader in enumerate(leaders))
    for i, text in enumerate(texts):
        assert leaders[i] == leaders[texts.index(text)]
