"""Golden references: texts whose descriptions and pronouns are marked with the names they mean."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

GOLD = tomllib.loads((Path(__file__).parent / "references.toml").read_text(encoding="utf-8"))

_MARK = re.compile(r"\{([^|{}]+)\|([^{}]*)\}")


@dataclass
class ReferenceScore:
    """Counts over all texts; a row is right when its words and its name are."""

    gold: int = 0
    predicted: int = 0
    right: int = 0
    errors: list[str] = field(default_factory=list)

    def rates(self) -> dict[str, float]:
        """Precision and recall."""
        return {"precision": self.right / self.predicted, "recall": self.right / self.gold}


def load_marked(half: str) -> dict[str, tuple[str, dict[tuple[int, int], str]]]:
    """Each text of a half without its marks, and the name by the span that stands for it.

    The errors of the half `read` were read again and again; those of `unread` once.
    """
    found = {}
    for slug, marked in GOLD[half].items():
        text, names, at = "", {}, 0
        for mark in _MARK.finditer(marked):
            text += marked[at : mark.start()]
            if mark[2]:
                names[len(text), len(text) + len(mark[1])] = mark[2]
            text += mark[1]
            at = mark.end()
        found[slug] = (text + marked[at:], names)
    return found


def compare_references(
    slug: str,
    text: str,
    names: dict[tuple[int, int], str],
    rows: pd.DataFrame,
    score: ReferenceScore,
) -> None:
    """Add what came of one text to `score`."""
    got: dict[Any, str] = {
        (row.start, row.end): row.canonical_name for row in rows.itertuples(index=False)
    }
    score.gold += len(names)
    score.predicted += len(got)
    score.right += sum(got.get(span) == name for span, name in names.items())
    for start, end in sorted(got.keys() | names.keys()):
        wanted, found = names.get((start, end)), got.get((start, end))
        if wanted != found:
            score.errors.append(f"{slug}: {text[start:end]!r} is {found!r}, not {wanted!r}")
