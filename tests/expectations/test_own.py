"""A user's own file of expectations is used as documented, or refused with a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from expectations.own import Own, OwnExpectationsError, load_own
from expectations.rule import Evidence
from expectations.suite import evaluate

GUIDE = Path(__file__).parents[2] / "docs" / "guide.md"


def write(folder: Path, text: str) -> Path:
    path = folder / "own.py"
    path.write_text(text)
    return path


def test_the_example_of_the_guide_works(tmp_path: Path) -> None:
    (example,) = re.findall(
        r"^```python\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.M | re.S
    )
    own = load_own(write(tmp_path, example))
    assert [m.id for m in own.measures] == ["people_share"]
    evidence = Evidence(pd.Timestamp("2026-01-01", tz="UTC").to_pydatetime())
    frame = pd.DataFrame({"value": [3.0, 2e9, 2e9], "kind": ["count", "count", "money"]})
    (outcome,) = evaluate(own.rules["quantities"], frame, evidence)
    assert outcome.failing == (1,)
    pages = pd.DataFrame({"headline": ["Short", "x" * 301]})
    (outcome,) = evaluate(own.rules["article_versions"], pages, evidence)
    assert outcome.failing == (1,)


def test_without_a_file_there_are_none() -> None:
    assert load_own(None) == Own()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("RULES = {", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("RULES = {'mention': []}", "there is no table 'mention'"),
        ("RULES = {'mentions': [3]}", "3, which is no Rule"),
        ("RULES = []", "RULES is no dictionary"),
        ("from expectations.articles import text_not_blank as t\nRULES = {'article_versions': [t]}",
         "has an expectation 'text_not_blank' already"),
        ("MEASURES = ['x']", "there is no table None"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(OwnExpectationsError, match=r"own\.py") as error:
        load_own(write(tmp_path, text))
    assert reason in str(error.value)
