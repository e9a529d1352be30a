"""Gold claims and events: read from TOML, located in their articles, compared field by field."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).parent / "claims"
FIRST_READ = (
    "border-clash", "quake", "market-bomb", "migrant-boat", "cholera", "city-protest",
)  # fmt: skip
"""Articles whose errors were read when the rules were written; those of the others were not."""
SECOND = (
    "mine-collapse", "wildfires", "ferry-strait", "gang-siege", "measles-camp", "bank-trial",
)  # fmt: skip
"""A later batch, annotated before the second version ran on it; none of its errors were read."""
THIRD = (
    "dam-flood", "cocaine-port", "airline-cuts", "school-poison", "vote-unrest", "train-crash",
)  # fmt: skip
"""A third batch, annotated before the third version ran on it; its errors were read after that."""

FIELDS = (
    "happening", "counted", "actor", "target", "content", "place", "time", "asserter", "stance",
    "plan", "scene",
)  # fmt: skip


@dataclass(frozen=True)
class GoldArticle:
    """An article with the claims and events that it tells."""

    slug: str
    published: datetime
    text: str
    claims: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]


@dataclass
class FieldScore:
    """Counts of rows found, and of each field right among those found."""

    gold: int = 0
    predicted: int = 0
    found: int = 0
    answers: int = 0
    answered: int = 0
    right: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def rates(self) -> dict[str, float]:
        """Precision and recall of the rows, then precision and recall of each field."""
        rates = {
            "precision": self.found / max(1, self.predicted),
            "recall": self.found / max(1, self.gold),
        }
        for name in FIELDS:
            if self.known[name]:
                rates[f"{name}_precision"] = self.right[name] / max(1, self.told[name])
                rates[f"{name}_recall"] = self.right[name] / self.known[name]
        if self.answers:
            rates["answers_recall"] = self.answered / self.answers
        return rates


def load_told() -> Iterator[GoldArticle]:
    """The annotated articles."""
    for path in sorted(FOLDER.glob("*.toml")):
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        day = found["published"]
        yield GoldArticle(
            path.stem,
            datetime(day.year, day.month, day.day, tzinfo=UTC),
            found["text"].strip(),
            found["claims"],
            found["events"],
        )


def place_of(text: str, entry: Mapping[str, Any]) -> int:
    """Where the words `s` of an entry stand, within the words `in` where it has them.

    Raises:
        ValueError: they occur not once.
    """
    around = entry.get("in", entry["s"])
    places = [m.start() for m in re.finditer(rf"(?<![\w.,$]){re.escape(around)}(?!\w)", text)]
    if len(places) != 1:
        raise ValueError(f"{around!r} occurs {len(places)} times")
    return text.index(entry["s"], places[0])


def compare_told(
    article: GoldArticle,
    gold: Sequence[Mapping[str, Any]],
    frame: pd.DataFrame,
    score: FieldScore,
    times: Mapping[str, str],
) -> None:
    """Add what came of one article to `score`; `times` has the surface of each time by key."""
    rows: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    pairs = sorted(
        (
            (row["happening"] != want["h"], row["end"] - row["start"], g, p)
            for g, want in enumerate(gold)
            for p, row in enumerate(rows)
            if row["start"] < place_of(article.text, want) + len(want["s"])
            and place_of(article.text, want) < row["end"]
        ),
    )
    taken: dict[int, int] = {}
    for _, _, g, p in pairs:
        if g not in taken and p not in taken.values():
            taken[g] = p
    keys = {want["s"]: rows[taken[g]] for g, want in enumerate(gold) if g in taken}
    for g, want in enumerate(gold):
        spared = bool(want.get("optional"))
        if g in taken and spared:
            continue
        score.gold += not spared
        if g not in taken:
            if not spared:
                score.errors.append(f"{article.slug}: missed {want['s']!r} {want['h']}")
            continue
        score.found += 1
        row = rows[taken[g]]
        _compare_fields(article, want, row, score, times)
        if "answers" in want:
            score.answers += 1
            answered = keys.get(want["answers"])
            right = answered is not None and row["answers_id"] == answered["claim_id"]
            score.answered += right
            if not right:
                score.errors.append(f"{article.slug}: {want['s']!r} answers {row['answers_id']}")
    spared_rows = {p for g, p in taken.items() if gold[g].get("optional")}
    score.predicted += len(rows) - len(spared_rows)
    for p, row in enumerate(rows):
        if p not in taken.values():
            score.errors.append(
                f"{article.slug}: extra {row['surface']!r} {row['happening']} [{row['rule']}]"
            )


def _compare_fields(
    article: GoldArticle,
    want: Mapping[str, Any],
    row: Mapping[str, Any],
    score: FieldScore,
    times: Mapping[str, str],
) -> None:
    got = {
        "happening": [row["happening"]],
        "counted": [row.get("counted"), row.get("counted_class")],
        "actor": [row["actor_surface"], row["actor_name"]],
        "target": [row.get("target_surface"), row.get("target_name")],
        "content": [row.get("content_surface")],
        "place": [row["place_name"] if row["place_from"] == "clause" else None],
        "scene": [row["place_name"] if row["place_from"] == "scene" else None],
        "time": [times.get(row["time_id"] or "")],
        "asserter": [row["asserter_surface"], row["asserter_name"]],
        "stance": [row["stance"]],
        "plan": ["planned" if row["planned"] else None],
    }
    wanted = {
        "happening": want["h"],
        "counted": want.get("c"),
        "actor": want.get("a"),
        "target": want.get("g"),
        "content": want.get("o"),
        "place": want.get("p"),
        "scene": want.get("ps"),
        "time": want.get("t"),
        "asserter": want.get("by"),
        "stance": want.get("st", "assert"),
        "plan": "planned" if want.get("planned") else None,
    }
    for name, expected in wanted.items():
        if row.get("answers_id") and name in ("actor", "place", "scene", "time", "counted"):
            # inherited from the row answered, and judged there
            continue
        options = [str(value) for value in got[name] if value is not None]
        right = expected is not None and any(expected.lower() in o.lower() for o in options)
        if name in ("counted", "content") and expected is None:
            continue
        if name == "scene" and article.slug not in THIRD:
            # only the third batch says where what goes on took place
            continue
        score.known[name] += expected is not None
        score.told[name] += bool(options)
        score.right[name] += right
        if not right and (expected is not None or options):
            score.errors.append(
                f"{article.slug}: {want['s']!r} {want['h']}: {name} is {options}, not {expected!r}"
            )
