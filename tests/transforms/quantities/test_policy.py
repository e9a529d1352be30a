"""Policies for vague words: named ones, files of one's own, and what is wrong with a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transforms.quantities.plain import bare
from transforms.quantities.find import find_quantities
from transforms.quantities.lexicon import DATA
from transforms.quantities.policy import BadPolicy, load_policy
from transforms.text import Text


def row_of(body: str, policy: str) -> tuple[float | None, float | None, float | None, str]:
    text = Text(article_id="a", version="v", text=body)
    (row,) = find_quantities(text, bare(body), [], [], load_policy(policy))
    return row.value, row.value_low, row.value_high, row.rule


def test_each_policy_says_what_dozens_are_and_signs_the_row() -> None:
    body = "dozens marched"
    assert row_of(body, "dateline") == (None, 12, 120, "cardinal.vague-dateline")
    assert row_of(body, "low") == (12, 12, 120, "cardinal.vague-low")


def test_a_policy_may_count_several(tmp_path: Path) -> None:
    path = tmp_path / "ours.tsv"
    path.write_text("# ours\nseveral many\t5\t3\t8\talone\n", encoding="utf-8")
    assert row_of("several marched", str(path)) == (5, 3, 8, "cardinal.vague-ours")
    assert row_of("several hundred marched", str(path)) == (500, 300, 800, "cardinal.vague-ours")


@pytest.mark.parametrize("path", sorted((DATA / "vague").glob("*.tsv")), ids=lambda p: p.stem)
def test_policies_in_the_box_know_the_same_words(path: Path) -> None:
    assert load_policy(path.stem).words.keys() == load_policy().words.keys()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("dozens\t12\t12", "by tabs"),
        ("dozens\ttwelve\t12\t120\talone", "twelve"),
        ("dozens\t\t120\t12\talone", "low <= value <= high"),
        ("dozens\t5\t12\t120\talone", "low <= value <= high"),
        ("dozens\t\t12\t120\tsometimes", "sometimes"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BadPolicy, match=why) as error:
        load_policy(str(path))
    assert "bad.tsv:1" in str(error.value)


def test_an_unknown_policy_names_the_known_ones() -> None:
    with pytest.raises(BadPolicy, match="dateline, low"):
        load_policy("nobodys")
