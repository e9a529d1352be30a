"""Forms of one name."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.cluster import cluster_names


def test_initials_and_first_words_stand_for_an_organisation() -> None:
    names = [("Harbour Safety Board", "ORG"), ("HSB", "ORG"), ("Harbour Safety", "ORG")]
    assert set(cluster_names(names, {})) == {"Harbour Safety Board"}


def test_two_organisations_that_begin_alike_leave_the_start_alone() -> None:
    names = [("North Bank", "ORG"), ("North Mill", "ORG"), ("North", "ORG")]
    assert cluster_names(names, {})[2] == "North"


def test_titles_and_initials_are_one_person() -> None:
    names = [("Mira Anne Okafor", "PERSON"), ("M. Okafor", "PERSON"), ("Dr. Okafor", "PERSON")]
    assert set(cluster_names(names, {})) == {"Mira Anne Okafor"}


def test_capitals_are_the_name_in_small_letters() -> None:
    assert cluster_names([("NORWAY", "PLACE"), ("Norway", "PLACE")], {}) == ["Norway"] * 2


_names = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["Mira", "Okafor", "M.", "Tom", "Jr.", "OKAFOR"]), min_size=1)
        .map(" ".join)
        | st.text(max_size=6),
        st.sampled_from(["PERSON", "ORG", "PLACE"]),
    ),
    max_size=8,
)  # fmt: skip


@given(_names, st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(names: list[tuple[str, str]], random: Random) -> None:
    forms = dict(zip(names, cluster_names(names, {}), strict=True))
    shuffled = sorted(names, key=lambda _: random.random())
    assert dict(zip(shuffled, cluster_names(shuffled, {}), strict=True)) == forms
