"""Cosmetic and real changes of an article."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.change import LONGEST, Change, compare

TEXT = (
    "The ferries stopped on Monday after a storm.\n"
    "Repairs will take 3 weeks, the port said.\n"
    "The mayor asked for patience."
)
SAME = Change(True, 0.0)


def _change(old: str, new: str) -> Change:
    return compare("Ferries stop", old, "Ferries stop", new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 comments", "347 comments"),
        ("Comments (12)", "Comments (13)"),
        ("Show 12 comments", "Show 1,204 comments"),
        ("1.2K shares", "4.55K shares"),
        ("3,451 views", "12.004 views"),
        ("Updated 5 minutes ago", "Updated just now"),
        ("(Updated 5 minutes ago)", ""),
        ("Last updated at 14:32 BST", "Last updated at 9.05pm BST"),
        ("Updated on July 26, 2020 at 2:32 p.m. ET", "Updated on July 27, 2020 at 9 a.m. ET"),
        ("2020-07-26T14:32:00Z", "2020-07-26T15:00:00Z"),
        ("Reading time: 3 minutes", "4 min read"),
        ("By Ada Northwood · 5 minutes ago · 12 comments", "By Ada Northwood | 1 hour ago"),
        ("Kommentare (12)", "Kommentare (13)"),
        ("Stand: 26.07.2020, 14:32 Uhr", "Stand: 26.07.2020, 15:02 Uhr"),
        ("Publié le 26 juillet 2020 à 14h32", "Mis à jour le 27 juillet 2020 à 8h00"),
        ("hace 5 minutos", "hace 2 horas"),
    ],
)
def test_counters_and_times_of_day_are_cosmetic(old: str, new: str) -> None:
    assert _change(f"{old}\n{TEXT}", f"{new}\n{TEXT}") == SAME
    assert _change(f"{TEXT}\n{old}", f"{TEXT}\n{new}") == SAME


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3 weeks", "5 weeks"),
        ("on Monday", "on Tuesday"),
        ("a storm.", "a storm?"),
        ("The mayor asked for patience.", "12 people drowned."),
        ("The mayor asked for patience.", ""),
    ],
)
def test_what_is_said_is_no_counter(old: str, new: str) -> None:
    change = _change(TEXT, TEXT.replace(old, new))
    assert not change.cosmetic
    assert 0 < change.ratio < 0.5


@pytest.mark.parametrize(
    "line", ["12 views on the budget", "12 dead", "2-1", "$12", "100%", "A day in summer 1968"]
)
def test_short_lines_that_only_begin_like_counters_count(line: str) -> None:
    assert not _change(f"{TEXT}\n{line}", TEXT).cosmetic


def test_white_space_and_typography_are_cosmetic() -> None:
    old = 'The mayor\'s "plan" - so far...'
    new = "The\u00a0mayor’s  “plan” –\nso\u00ad far… \u200b"
    assert _change(old, new) == SAME
    assert _change("Cafe\u0301 open", "Café open") == SAME


def test_a_new_headline_is_a_change() -> None:
    change = compare("Ferries stop", TEXT, "Ferries sail", TEXT)
    assert not change.cosmetic
    assert change.ratio < 0.1
    assert not compare(None, "Ferries stop", "Ferries stop", "").cosmetic


def test_the_ratio_is_the_share_of_words_without_partner() -> None:
    assert compare(None, "a b c d", None, "a x c d") == Change(False, 0.25)
    assert compare(None, "a b", None, "c d") == Change(False, 1.0)
    assert compare(None, "a b", None, "b a") == Change(False, 0.5)
    assert compare(None, "", None, "a b") == Change(False, 1.0)


def test_a_huge_rewrite_is_compared_soon() -> None:
    old = " ".join(f"w{i % 997}" for i in range(LONGEST))
    new = " ".join(f"w{i * 7 % 991}" for i in range(LONGEST))
    started = time.process_time()
    assert 0 < compare(None, old, None, new).ratio < 1
    assert compare(None, f"x {old}", None, f"y {new}").ratio < 0.1  # their order is not looked at
    assert compare(None, "1 at " * 2_000_000, None, "at 1 " * 2_000_000).ratio < 0.1
    assert time.process_time() - started < 15


TEXTS = st.lists(
    st.sampled_from(["Storm", "hits", "3", "12 comments\n", "\n", "pier.", "ago", "–", "x"]),
    max_size=12,
).map(" ".join)


@given(TEXTS | st.text(max_size=60), TEXTS | st.text(max_size=60))
def test_a_change_is_the_same_in_both_directions(old: str, new: str) -> None:
    there, back = compare(None, old, None, new), compare(None, new, None, old)
    assert there == back
    assert there.cosmetic == (there.ratio == 0)
    assert 0 <= there.ratio <= 1


@given(TEXTS | st.text(max_size=60))
def test_a_text_is_no_change_of_itself(text: str) -> None:
    assert compare("H", text, "H", text) == SAME
    spaced = "\n\n".join(line.replace(" ", " \t") + " " for line in text.splitlines())
    assert compare("H", text, "H", spaced) == SAME


@given(TEXTS, TEXTS, TEXTS)
def test_cosmetic_changes_add_up_to_a_cosmetic_change(a: str, b: str, c: str) -> None:
    if compare(None, a, None, b).cosmetic and compare(None, b, None, c).cosmetic:
        assert compare(None, a, None, c).cosmetic


@given(st.lists(st.sampled_from("xyz"), max_size=8), st.lists(st.sampled_from("xyz"), max_size=8))
def test_the_ratio_is_that_of_the_longest_common_subsequence(a: list[str], b: list[str]) -> None:
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            longest = max(table[i][j + 1], table[i + 1][j])
            table[i + 1][j + 1] = table[i][j] + 1 if x == y else longest
    expected = 1 - 2 * table[-1][-1] / (len(a) + len(b)) if a or b else 0
    assert compare(None, " ".join(a), None, " ".join(b)).ratio == pytest.approx(expected)
