"""Names: their share of the cost, the gazetteer's start, and figures on gold kept elsewhere."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import texts
from transforms.convert import facts_to_frame
from transforms.entities.find import VERSION, find_mentions
from transforms.entities.link import link_places
from transforms.language.pipeline import SpacyPipeline
from transforms.text import Text
from warehouse import tables

GOLD = "DATELINE_BENCH_NAMES"
"""Environment variable: a folder of sets, each with docs.jsonl and gold.jsonl, or unset."""
ARTICLES = 60
LOAD_SECONDS = 1.0
SHARE = 0.25
NEAR_KM = 161.0
_FOLDED = {"GROUP": "MISC", "EVENT": "MISC", "OTHER": "MISC"}
_LOAD = (
    "import time; from transforms.entities.places import load_gazetteer; t = time.process_time();"
    " load_gazetteer(); print(time.process_time() - t)"
)

Row = tuple[str, str, str, bool | None]
Record = dict[str, Any]


def names(language: SpacyPipeline) -> Iterator[Row]:
    """Rows of the benchmark: what, figure, limit, whether it is kept."""
    bodies = list(texts(ARTICLES))
    items = [Text(f"b{n}", "0" * 16, body) for n, body in enumerate(bodies)]
    _find(language, items[:2])  # the gazetteer is loaded once, and not counted here
    parse, documents = _seconds(lambda: list(language.parse(bodies)))
    ours, _ = _seconds(
        lambda: [find_mentions(*pair) for pair in zip(items, documents, strict=True)]
    )
    yield (
        "names, parse apart / parse", f"{ours / parse:.2f}", f"at most {SHARE}",
        ours / parse <= SHARE,
    )  # fmt: skip
    seconds = min(
        float(subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, check=True).stdout)
        for _ in range(3)
    )
    yield (
        "gazetteer, start", f"{seconds:.2f} CPU seconds", f"under {LOAD_SECONDS:.0f}",
        seconds < LOAD_SECONDS,
    )  # fmt: skip
    folder = os.environ.get(GOLD)
    if not folder:
        yield "names and places right", f"no gold: set {GOLD} to a folder of sets", "", None
        return
    for path in sorted(Path(folder).glob("*/gold.jsonl")):
        yield from _accuracy(language, path.parent)


def _accuracy(language: SpacyPipeline, folder: Path) -> Iterator[Row]:
    """Found, placed and clustered: the parts that the gold of a set has."""
    docs = [json.loads(line) for line in _lines(folder / "docs.jsonl")]
    gold = [json.loads(line) for line in _lines(folder / "gold.jsonl")]
    found = _find(language, [Text(d["id"], "0" * 16, d["text"], url=d.get("url")) for d in docs])
    if any("cluster" in row for row in gold):
        yield f"{folder.name}, clusters", _clustered(gold, found), "", None
    elif any("latitude" in row for row in gold):
        yield f"{folder.name}, places", _placed(gold, found), "", None
    else:
        yield f"{folder.name}, names", _named(gold, found), "", None


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _find(language: SpacyPipeline, items: Sequence[Text]) -> list[Record]:
    parsed = language.parse([item.text for item in items])
    rows = [(i, d, find_mentions(i, d)) for i, d in zip(items, parsed, strict=True)]
    frame = facts_to_frame(tables.MENTIONS, rows, VERSION).pipe(link_places, items)
    records: list[Record] = frame.to_dict("records")
    return records


def _seconds(work: Callable[[], list[Any]]) -> tuple[float, list[Any]]:
    clock = time.process_time()
    result = work()
    return time.process_time() - clock, result


def _named(gold: Sequence[Record], found: Sequence[Record]) -> str:
    """F1 of exact spans with their types; groups, events and others are one type."""
    ours = {_span(r) for r in found}
    theirs = {_span(r) for r in gold}
    return f"F1 {_f1(len(ours & theirs), len(ours), len(theirs)):.1f}"


def _span(row: Record) -> tuple[str, int, int, str]:
    return (row["article_id"], row["start"], row["end"], _FOLDED.get(row["type"], row["type"]))


def _placed(gold: Sequence[Record], found: Sequence[Record]) -> str:
    """Of the gold's places with a point: found as places, near, and the very GeoNames id."""
    by_article = _by_article(found)
    wanted = [r for r in gold if r.get("required", True) and r.get("latitude") is not None]
    counts: Counter[str] = Counter()
    for row in wanted:
        laps = [f for f in by_article[row["article_id"]] if _lap(f, row) > 0]
        best = max(laps, key=lambda f: (_lap(f, row) - 0.1 * _longer(f, row), f["type"] == "PLACE"),
                   default=None)  # fmt: skip
        if best is None:
            continue
        same = best["geonames_id"] == row.get("geonames_id")
        counts["found"] += best["type"] == "PLACE"
        counts["same"] += bool(same)
        counts["near"] += bool(same) or _km(best, row) <= NEAR_KM
    total = len(wanted)
    return ", ".join(
        f"{what} {100 * counts[what] / total:.1f} %" for what in ("found", "near", "same")
    )


def _clustered(gold: Sequence[Record], found: Sequence[Record]) -> str:
    """B-cubed F1 within documents and across them; a name not found stands alone."""
    by_article = _by_article(found)
    keys: list[tuple[str, str, str]] = []
    for number, row in enumerate(gold):
        laps = [f for f in by_article[row["article_id"]] if 2 * _lap(f, row) >= _longest(f, row)]
        best = max(laps, key=lambda f: _lap(f, row), default=None)
        entity = best["entity_id"] if best is not None else f"?{number}"
        keys.append((row["article_id"], row["cluster"], entity))
    within = _bcubed([((a, c), (a, e)) for a, c, e in keys])
    across = _bcubed([(c, e) for _, c, e in keys])
    return f"B-cubed {within:.1f} within, {across:.1f} across"


def _bcubed(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    gold, ours = Counter(g for g, _ in pairs), Counter(e for _, e in pairs)
    both = Counter(pairs)
    precision = sum(both[p] / ours[p[1]] for p in pairs) / len(pairs)
    recall = sum(both[p] / gold[p[0]] for p in pairs) / len(pairs)
    return 200 * precision * recall / (precision + recall)


def _by_article(rows: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row["article_id"]].append(row)
    return found


def _lap(one: Record, other: Record) -> int:
    return int(min(one["end"], other["end"]) - max(one["start"], other["start"]))


def _longer(one: Record, other: Record) -> int:
    return abs((one["end"] - one["start"]) - (other["end"] - other["start"]))


def _longest(one: Record, other: Record) -> int:
    return max(one["end"] - one["start"], other["end"] - other["start"])


def _f1(hits: int, found: int, gold: int) -> float:
    return 200 * hits / (found + gold) if found + gold else math.nan


def _km(one: Record, other: Record) -> float:
    if not isinstance(one["latitude"], float):
        return math.inf
    a, b, c, d = (
        math.radians(v)
        for v in (one["latitude"], one["longitude"], other["latitude"], other["longitude"])
    )
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))
