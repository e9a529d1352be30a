"""Which texts are one story."""

from __future__ import annotations

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.duplicates.cluster import Known, by_words, cluster, find_clusters
from transforms.duplicates.sketch import sketch

SENTENCES = [
    "The harbour board of Kilmore voted on Tuesday to close the old fish market.",
    "Traders who have sold there since the war said they had not been asked.",
    "The board wants to build 140 flats and a hotel of six storeys on the quay.",
    "Its chairman said the market had lost 2.3 million crowns in four years.",
    "A petition against the plan was signed by 11,000 people within a week.",
    "The mayor, who is up for election in May, has not said how she will vote.",
    "An architect from the island drew the first sketches eleven years ago.",
    "Under the plan the auction hall moves to a site behind the railway station.",
    "Fishermen say that trucks would then cross the town at four every morning.",
    "The ministry must agree before the end of the year, a spokesman said.",
]
STORY = " ".join(SENTENCES)
OTHER = (
    "Snow closed the mountain pass for a week, and the post was carried by sledge to villages that"
    " had no telephone. The last winter with so much snow was the one in which the bridge fell."
)
NOTICE = (
    "{name} said its board had declared a quarterly dividend of {cents} cents a share, payable on"
    " {month} {day} to shareholders of record on {month} {record}. The company, which is based in"
    " {place}, paid {before} cents in the same quarter of last year and {total} cents in all."
)


def test_words_count_and_not_how_they_are_set() -> None:
    loud = STORY.upper().replace(".", " !\n\n").replace(",", " –")
    assert cluster([STORY, OTHER, loud]) == [0, 1, 0]


def test_what_outlets_do_to_a_wire_story_leaves_it_one_story() -> None:
    copies = [
        STORY,
        "KILMORE, March 3 (Reuters) - " + STORY,
        "Anger over the end of a market\n" + STORY + "\nReporting by the Harbour Gazette.",
        STORY.replace("said they had not been asked", "complained of not having been asked"),
        " ".join(SENTENCES[:8]),
        " ".join(SENTENCES[3:6] + SENTENCES[:3] + SENTENCES[6:]),
        "Correction: an earlier version of this story gave a wrong number. " + STORY,
    ]
    assert cluster([OTHER, *copies]) == [0] + [1] * len(copies)


def test_notices_of_one_form_are_not_one_story() -> None:
    one = NOTICE.format(
        name="Ardent Mills", cents=31, month="April", day=14, record=2, place="Perth, Ontario",
        before=28, total=112,
    )  # fmt: skip
    other = NOTICE.format(
        name="Bellweather", cents=7, month="June", day=30, record=19, place="Cork, Ireland",
        before=6, total=24,
    )  # fmt: skip
    assert cluster([one, other]) == [0, 1]


def test_a_tail_that_all_share_makes_no_story() -> None:
    tail = " Follow our coverage, sign up for the morning letter, and read our rules of conduct."
    assert cluster([STORY + tail, OTHER + tail]) == [0, 1]


def test_a_cut_text_is_of_the_story_where_another_outlet_runs_it() -> None:
    cut = " ".join(SENTENCES[:4])
    assert cluster([STORY, cut]) == [0, 1]
    assert cluster([STORY, cut], sources=["wire", "wire"]) == [0, 1]
    assert cluster([STORY, cut], sources=["wire", "gazette"]) == [0, 0]


def test_hardly_a_word_is_told_apart_by_the_headline() -> None:
    text = "Watch the video above."
    assert cluster([text, text], ["Fire in the port", "Rain for the weekend"]) == [0, 1]
    assert cluster([text, text], ["Fire in the port", "Fire in the port!"]) == [0, 0]


def test_a_chain_of_changes_does_not_tie_first_to_last() -> None:
    lines = [f"Item {w} of the daily list was sold to {w} buyers at {w}." for w in WORDS]
    days = [" ".join(lines[day : day + 12]) for day in range(0, 30, 2)]
    labels = cluster(days)
    assert labels[0] == labels[1]
    assert labels[0] != labels[-1]


WORDS = [a + b for a in ("ash", "bel", "cor", "dun", "elm", "far", "gol") for b in "aeiouy"]


def test_languages_without_spaces_are_compared_too() -> None:
    text = "東京の港で火曜日に火災があり、少なくとも三人がけがをしたと消防が発表した。"
    assert cluster([text, text + "原因は調査中。", "大阪で新しい橋が開通した。"]) == [0, 0, 2]


def test_nothing_is_no_story() -> None:
    assert cluster([]) == []
    assert cluster(["", "...", "", "!"]) == [0, 1, 0, 3]


def together(labels: list[int], order: list[int]) -> set[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for position, label in enumerate(labels):
        groups.setdefault(label, set()).add(order[position])
    return {frozenset(group) for group in groups.values()}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(SENTENCES), min_size=0, max_size=8).map(" ".join), max_size=12
    ),
    st.randoms(use_true_random=False),
)
def test_clusters_do_not_depend_on_the_order(texts: list[str], chance: random.Random) -> None:
    order = list(range(len(texts)))
    chance.shuffle(order)
    shuffled = cluster([texts[n] for n in order])
    assert together(shuffled, order) == together(cluster(texts), list(range(len(texts))))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=8))
def test_every_text_has_a_leader_that_leads_itself(texts: list[str]) -> None:
    labels = cluster(texts)
    assert all(label <= n and labels[label] == label for n, label in enumerate(labels))
    for n, text in enumerate(texts):
        assert labels[n] == labels[texts.index(text)]


def test_a_large_group_of_copies_is_one_cluster() -> None:
    copies = [f"{STORY} Edition {n} of the Kilmore Gazette." for n in range(150)]
    assert set(cluster([*copies, OTHER])) == {0, 150}


def known(texts: list[str], clusters: list[int], new: int, *, own: bool = False) -> Known:
    import numpy as np

    founders = np.array([clusters.index(c) for c in range(max(clusters) + 1)])
    pairs = [(n, k) for n in range(new) for k in range(len(texts))]
    first, second = np.array(pairs).T
    return Known(
        sketch(texts), np.array(clusters), founders, (first, second), np.full(len(pairs), own)
    )


def test_new_texts_join_known_clusters_which_stay_apart() -> None:
    older = [STORY, " ".join(SENTENCES[:5]) + " " + OTHER]
    texts = [STORY + " More follows.", OTHER]
    sketches = sketch(texts)
    found = find_clusters(sketches, known(older, [0, 1], 2))
    assert found.known == [0, -1]
    bridge = sketch([STORY, STORY + " More."])
    assert find_clusters(bridge, known([STORY, STORY], [0, 1], 2)).known == [0, 0]


def test_a_correction_stays_with_its_article_also_where_another_is_more_like_it() -> None:
    corrected = sketch([STORY.replace("140 flats", "104 flats")])
    older = known([STORY, STORY.replace("140 flats", "104 flats")], [0, 1], 1)
    assert find_clusters(corrected, older).known == [1]
    older.own[:] = [True, False]
    assert find_clusters(corrected, older).known == [0]


def test_rows_by_words_do_not_depend_on_the_order() -> None:
    texts = [STORY, OTHER, STORY.upper()]
    backward = [texts[n] for n in reversed(range(3))]
    first, second = sketch(texts), sketch(backward)
    assert (
        first.take(by_words(first)).words.tolist() == second.take(by_words(second)).words.tolist()
    )


def test_a_story_that_grew_is_the_same_and_other_numbers_are_another() -> None:
    assert cluster([STORY, " ".join(SENTENCES[:6])]) == [0, 0]
    form = STORY + " It counted {} boats, {} crews, {} nets and {} sheds along {} metres of quay."
    results = [form.format(11, 42, 530, 61, 770), form.format(12, 43, 531, 62, 771)]
    bare = [re.sub(r"\d[\d.,]*", str(n + 3), t) for n, t in enumerate(results)]
    assert cluster(results) == [0, 0]  # most of their numbers agree
    assert cluster(bare) == [0, 0]  # too few distinct numbers to say anything
