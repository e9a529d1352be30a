"""Quantities beside a peer: sentences per CPU second, and values right on gold kept elsewhere."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.corpus import texts
from transforms.entities.find import find_mentions
from transforms.language.document import Document
from transforms.language.pipeline import SpacyPipeline
from transforms.quantities.find import find_quantities
from transforms.text import Text
from transforms.times.find import find_times

GOLD = "DATELINE_BENCH_NUMBERS"
"""Environment variable: a folder of sets, each with DOCS.jsonl and gold.jsonl, or unset."""
TIMES_FASTER = 10.0
RUNS = 3
ARTICLES = 60
PEER = "quantulum3 is not installed: it comes with the extra `bench`"

Ends = tuple[float, ...]
"""What a quantity says: one value, or the two ends of a range."""


class Found(NamedTuple):
    """A value found, and its kind (empty for a peer, which has other kinds)."""

    kind: str
    ends: Ends


class Score(NamedTuple):
    """Values found, in the gold, and in both."""

    found: int
    gold: int
    hits: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in percent."""
        return 200 * self.hits / (self.found + self.gold) if self.found + self.gold else math.nan


def quantities(language: SpacyPipeline) -> Iterator[tuple[str, str, str, bool | None]]:
    """Rows of the benchmark: what, figure, limit, whether it is kept."""
    documents = list(language.parse(list(texts(ARTICLES))))
    sentences = [d.surface(a, b) for d in documents for a, b in d.sentences]
    ours = len(sentences) / _seconds(partial(_find_all, documents))
    yield "quantities", f"{ours:,.0f} sentences per CPU second, parse apart", "", None
    peer = _peer()
    if peer is None:
        yield "quantities, peer", PEER, "", None
    else:
        theirs = len(sentences) / _seconds(lambda: [peer(s) for s in sentences], runs=1)
        yield "quantulum3", f"{theirs:,.0f} sentences per CPU second", "", None
        ratio = ours / theirs
        yield (
            "quantities / quantulum3", f"{ratio:.1f}", f"at least {TIMES_FASTER:.0f}",
            ratio >= TIMES_FASTER,
        )  # fmt: skip
    folder = os.environ.get(GOLD)
    if not folder:
        yield "values right", f"no gold: set {GOLD} to a folder of sets", "", None
        return
    for path in sorted(Path(folder).glob("*/gold.jsonl")):
        yield from _accuracy(language, path, peer)


def _accuracy(
    language: SpacyPipeline, path: Path, peer: Callable[[str], list[Found]] | None
) -> Iterator[tuple[str, str, str, bool | None]]:
    """F1 of the values of one set, for us and the peer."""
    gold = {line["id"]: line for line in _lines(path)}
    if any(line["only_kinds"] for line in gold.values()):
        return  # a gold of some kinds alone cannot say what is spurious
    bodies = {line["id"]: line["text"] for line in _lines(path.with_name("DOCS.jsonl"))}
    documents = language.parse(list(bodies.values()))
    found = {key: _find(d) for key, d in zip(bodies, documents, strict=True)}
    yield path.parent.name, f"{_score(gold, found).f1:.1f} F1 of values", "", None
    if peer is not None:
        theirs = _score(gold, {key: peer(body) for key, body in bodies.items()})
        yield f"{path.parent.name}, quantulum3", f"{theirs.f1:.1f} F1 of values", "", None


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _score(gold: dict[str, dict[str, Any]], found: dict[str, list[Found]]) -> Score:
    """Values that agree to a relative 1e-5, each once; what the gold leaves out counts not."""
    total, hits, spurious = 0, 0, 0
    for key, line in gold.items():
        left = list(found.get(key, []))
        for quantity in sorted(line["quantities"], key=lambda q: bool(q.get("optional"))):
            want = _ends(quantity["value"], quantity["value_low"], quantity["value_high"])
            at = next((i for i, f in enumerate(left) if _agree(want, f.ends)), None)
            if at is not None:
                del left[at]
            if not quantity.get("optional"):
                total += 1
                hits += at is not None
        spurious += sum(f.kind not in line["ignore_kinds"] for f in left)
    return Score(hits + spurious, total, hits)


def _ends(value: float | None, low: float | None, high: float | None) -> Ends:
    if low is not None and high is not None and value is None:
        return (low, high) if low <= high else (high, low)
    return () if value is None else (value,)


def _agree(one: Ends, other: Ends) -> bool:
    return len(one) == len(other) and all(
        math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-8) for a, b in zip(one, other, strict=True)
    )


def _find(document: Document) -> list[Found]:
    """The values of a text."""
    text = Text(article_id="b", version="0" * 16, text=document.text)
    times, mentions = find_times(text, document), find_mentions(text, document)
    rows = find_quantities(text, document, times, mentions)
    return [Found(row.kind, _ends(row.value, row.value_low, row.value_high)) for row in rows]


def _find_all(documents: Sequence[Document]) -> None:
    for document in documents:
        find_quantities(Text("b", "0" * 16, document.text), document, [], [])


def _seconds(function: Callable[[], object], runs: int = RUNS) -> float:
    """CPU seconds of the fastest run: noise only ever adds."""
    best = math.inf
    for _ in range(runs):
        clock = time.process_time()
        function()
        best = min(best, time.process_time() - clock)
    return best


def _peer() -> Callable[[str], list[Found]] | None:
    """quantulum3 as a function from a sentence to values, or null where it is not installed."""
    try:
        from quantulum3 import parser
    except ImportError:
        return None

    def read(sentence: str) -> list[Found]:
        try:
            found = parser.parse(sentence)
        except Exception:  # noqa: BLE001 - a peer that breaks on a sentence finds nothing in it
            return []
        return [Found("", (float(q.value),)) for q in found]

    return read
