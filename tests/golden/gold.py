"""The golden rows: read from TOML, located in their articles, and compared with what came out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from flows.demo.article import DemoArticle, load_articles

ROWS = Path(__file__).parent / "rows"
TABLES = ("mentions", "quantities", "times", "quotes")
# ordinals and ranks are found and stored, but the golden rows do not hold them
IGNORED_KINDS = ("ordinal", "rank")


@dataclass(frozen=True)
class GoldRow:
    """A row that must be found, and what it must say."""

    start: int
    end: int
    surface: str
    wanted: Mapping[str, Any]
    optional: bool


@dataclass
class Score:
    """Counts of one table; `found` looks at the span alone, `right` at all that is wanted."""

    gold: int = 0
    predicted: int = 0
    found: int = 0
    right: int = 0
    errors: list[str] = field(default_factory=list)

    def rates(self) -> dict[str, float]:
        """Precision and recall of finding, and of being right in everything."""
        return {
            "precision": self.found / max(1, self.predicted),
            "recall": self.found / max(1, self.gold),
            "right": self.right / max(1, self.gold),
        }


def load_golden() -> Iterator[tuple[DemoArticle, dict[str, list[GoldRow]]]]:
    """Each annotated article with its rows by table, located."""
    articles = {article.slug: article for article in load_articles()}
    for path in sorted(ROWS.glob("*.toml")):
        article = articles[path.stem]
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        yield article, {name: locate(article.text, name, rows[name]) for name in TABLES}


def locate(text: str, table: str, entries: list[dict[str, Any]]) -> list[GoldRow]:
    """Gold rows at their places.

    An entry has `s`, its surface, and perhaps `in`, a longer string that occurs once and holds it.
    A mention without `in` stands for every occurrence that is not part of a longer mention.

    Raises:
        ValueError: a surface is missing or ambiguous.
    """
    found: list[GoldRow] = []
    for entry in sorted(entries, key=lambda e: -len(e["s"])):
        surface, around = entry["s"], entry.get("in", entry["s"])
        places = [m.start() for m in re.finditer(rf"(?<![\w.,]){re.escape(around)}(?!\w)", text)]
        if table == "mentions" and "in" not in entry:
            taken = [(row.start, row.end) for row in found]
            places = [p for p in places if not any(a <= p < b for a, b in taken)]
        elif len(places) > 1:
            raise ValueError(f"{around!r} occurs {len(places)} times: say `in`")
        if not places:
            raise ValueError(f"{around!r} does not occur")
        for place in places:
            start = text.index(surface, place)
            found.append(
                GoldRow(
                    start,
                    start + len(surface),
                    surface,
                    {k: v for k, v in entry.items() if k not in ("s", "in", "optional")},
                    entry.get("optional", False),
                )
            )
    return sorted(found, key=lambda row: row.start)


def compare(table: str, gold: list[GoldRow], frame: pd.DataFrame, score: Score) -> None:
    """Add what came of one article to `score`: each gold row takes the nearest free prediction."""
    rows: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    if table == "quantities":
        rows = [row for row in rows if row["kind"] not in IGNORED_KINDS]
    pairs = sorted(
        (
            (_overlap(row, want), agrees(table, row, want) == [], g, p)
            for g, want in enumerate(gold)
            for p, row in enumerate(rows)
            if _overlap(row, want)
        ),
        key=lambda pair: (not pair[1], -pair[0], pair[2], pair[3]),
    )
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, _, g, p in pairs:
        if g not in taken and p not in used:
            taken[g] = p
            used.add(p)
    spared = {p for p, row in enumerate(rows) if any(w.optional and _overlap(row, w) for w in gold)}
    score.gold += sum(not want.optional for want in gold)
    score.predicted += sum(p in used or p not in spared for p in range(len(rows)))
    for g, want in enumerate(gold):
        if g not in taken:
            if not want.optional:
                score.errors.append(f"missed  {want.surface!r} {dict(want.wanted)}")
            continue
        if want.optional:
            # neither asked for nor held against it
            score.predicted -= 1
            continue
        score.found += 1
        wrong = agrees(table, rows[taken[g]], want)
        score.right += not wrong
        if wrong:
            score.errors.append(f"wrong   {want.surface!r}: {'; '.join(wrong)}")
    score.errors += [
        f"extra   {row['surface']!r}" for p, row in enumerate(rows) if p not in used | spared
    ]


def agrees(table: str, row: dict[str, Any], want: GoldRow) -> list[str]:
    """What a row says otherwise than wanted, in words; nothing where it agrees."""
    wanted = dict(want.wanted)
    if table == "quantities" and not want.optional:
        wanted.setdefault("modifier", "exact")
    wrong = []
    for key, expected in wanted.items():
        column = _COLUMNS[table][key]
        got = row[column]
        options = expected if isinstance(expected, list) else [expected]
        if not any(_same(key, got, option) for option in options):
            wrong.append(f"{column} is {got!r}, not {expected!r}")
    return wrong


_COLUMNS = {
    "mentions": {"type": "type", "country": "country_code", "canonical": "canonical_name"},
    "quantities": {
        "value": "value", "low": "value_low", "high": "value_high", "unit": "unit",
        "modifier": "modifier", "change": "change", "concept": "concept",
    },
    "times": {"value": "timex_value"},
    "quotes": {"type": "quote_type", "speaker": "speaker_surface"},
}  # fmt: skip


def _same(key: str, got: Any, expected: Any) -> bool:
    if got is None:
        return False
    if isinstance(expected, int | float):
        return abs(float(got) - expected) <= 1e-3 * max(1.0, abs(expected))
    if key in ("concept", "speaker"):
        # the head noun or name is what counts; determiners and modifiers may stand around it
        return expected.lower() in str(got).lower()
    return bool(got == expected)


def _overlap(row: Mapping[str, Any], want: GoldRow) -> int:
    return max(0, min(row["end"], want.end) - max(row["start"], want.start))
