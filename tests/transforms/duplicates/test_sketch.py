"""What is kept of a text."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.duplicates.likeness import likeness
from transforms.duplicates.sketch import NONE, SAMPLE, join, sketch, to_words

LONG = " ".join(f"w{n} x{n % 7} y{n * n}" for n in range(1000))


def test_sketches_are_the_same_on_every_machine_and_in_every_release() -> None:
    # they are stored: other values need another VERSION
    made = sketch(
        ["One ferry left the harbour with 12 passengers.", "Über 3 Brücken."], None, ["a"] * 2
    )
    assert made.shingles[0, :3].tolist() == [72893004, 715019546, 1663006538]
    assert made.sizes.tolist() == [6, 1]
    assert made.numbers[:, 0].tolist() == [3083281131, 2392580826]
    assert made.words.tolist() == [10534384252989244776, 11535367227839708660]


def test_a_sample_is_ascending_and_filled_up() -> None:
    made = sketch(["One ferry left the harbour.", LONG])
    assert made.shingles[0, 3] == NONE
    assert made.sizes[1] > SAMPLE
    assert (np.diff(made.shingles[1].astype(np.int64)) > 0).all()


def test_apostrophes_dashes_and_widths_do_not_make_words() -> None:
    assert to_words("It’s １２ — mid-May_now") == to_words("it's 12 mid may now")


def similarity(one: str, other: str) -> tuple[float, float]:
    made = sketch([one, other])
    like = likeness(made, np.array([0]), made, np.array([1]))
    return round(float(like.similarity[0]), 9), round(float(like.containment[0]), 9)


def test_short_texts_are_compared_exactly() -> None:
    assert similarity("a b c d e f", "a b c d e g") == (0.6, 0.75)
    assert similarity("a b c d", "a b c d e f") == (0.5, 1.0)


def test_long_texts_are_estimated_closely() -> None:
    words = LONG.split()
    other = " ".join(words[:2400])
    found, contained = similarity(LONG, other)
    assert abs(found - 0.8) < 0.06
    assert contained > 0.93


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert all(0 <= value <= 1 for value in similarity(one, other))


def test_sketches_join_in_order() -> None:
    parts = [sketch(["one text"]), sketch([]), sketch(["another text", "a third"])]
    assert (
        join(parts).words.tolist() == sketch(["one text", "another text", "a third"]).words.tolist()
    )
    assert len(join([])) == 0
