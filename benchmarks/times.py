"""Times: speed on our own articles, and accuracy where annotated texts lie outside the project.

``python -m benchmarks.times FOLDER...`` scores each folder that holds ``docs.jsonl`` (lines as
for `dateline annotate`) and ``gold.jsonl`` (doc, start, end, type, value: TIMEX3) by the measures
of TempEval-3, whole and in five folds of documents.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.corpus import PUBLISHED, texts
from transforms.language.document import Document
from transforms.language.pipeline import load_language
from transforms.text import Text
from transforms.times.find import find_times
from transforms.times.interval import to_interval
from warehouse.tables import Time

ARTICLES = 100
PEER = 1.2
"""Documents a second of HeidelTime 2.2.1 on newswire, tagger apart, on one core of 2026."""
FOLDS = 5
Gold = dict[str, Any]


def speed() -> Iterator[tuple[str, str, str, bool | None]]:
    """Documents per CPU second of the times annotator, the language pass apart."""
    bodies = list(texts(ARTICLES))
    day = datetime.fromisoformat(PUBLISHED).replace(tzinfo=UTC)
    pairs = [
        (Text(f"t{n}", "0" * 16, body, None, day), document)
        for n, (body, document) in enumerate(
            zip(bodies, load_language().parse(bodies), strict=True)
        )
    ]
    rate = ARTICLES / _seconds(pairs)
    ratio = rate / PEER
    yield (
        "times / HeidelTime", f"{rate:.0f} articles per CPU second, {ratio:.0f} times",
        "at least 100 times", ratio >= 100,
    )  # fmt: skip


def _seconds(pairs: Sequence[tuple[Text, Document]]) -> float:
    clock = time.process_time()
    for text, document in pairs:
        find_times(text, document)
    return time.process_time() - clock


def count(gold: Sequence[Gold], found: Sequence[Time]) -> Counter[str]:
    """Hits of one document: spans that are exact, that overlap, types, values, intervals."""
    hits: Counter[str] = Counter(gold=len(gold), found=len(found))
    for g, f in _pairs(gold, found):
        hits["relaxed"] += 1
        hits["strict"] += (g["start"], g["end"]) == (f.start, f.end)
        hits["type"] += g["type"] == f.timex_type
        hits["value"] += g["value"] == f.timex_value
        start, end = to_interval(g["value"]) if "T" not in g["value"][-3:] else (None, None)
        if g["type"] in ("DATE", "TIME") and start is not None:
            hits["intervals"] += 1
            hits["interval"] += (start, end) == (f.start_at, f.end_at)
    return hits


def _pairs(gold: Sequence[Gold], found: Sequence[Time]) -> Iterator[tuple[Gold, Time]]:
    """One found span at most for each of the gold: equal ones first, then the largest overlap."""
    options = []
    for i, g in enumerate(gold):
        for j, f in enumerate(found):
            overlap = min(g["end"], f.end) - max(g["start"], f.start)
            if overlap > 0:
                options.append(((g["start"], g["end"]) != (f.start, f.end), -overlap, i, j))
    left, right = set(range(len(gold))), set(range(len(found)))
    for _, _, i, j in sorted(options):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            yield gold[i], found[j]


def in_words(hits: Counter[str]) -> str:
    """F1 of spans, types and values in percent, and how many matched intervals are right."""
    total = hits["gold"] + hits["found"]
    rates = {n: 200 * hits[n] / total for n in ("strict", "relaxed", "type", "value")}
    figures = ", ".join(f"{name} {rate:.1f}" for name, rate in rates.items())
    return f"{figures}, intervals {100 * hits['interval'] / max(1, hits['intervals']):.1f}"


def accuracy(folder: Path) -> Iterator[str]:
    """The figures of a folder of annotated texts: whole, by fold, and documents per second."""
    gold: dict[str, list[Gold]] = {}
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold.setdefault(row["doc"], []).append(row)
    lines = (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    documents = load_language().parse([record["text"] for record in records])
    folds = [Counter[str]() for _ in range(FOLDS)]
    pairs = []
    for record, document in zip(records, documents, strict=True):
        day = record.get("published_at")
        published = datetime.fromisoformat(day) if day else None
        text = Text(record["id"], "0" * 16, record["text"], published_at=published)
        pairs.append((text, document))
        # the parts of an interval are what others annotate
        found = [t for t in find_times(text, document) if not t.rule.startswith("interval.")]
        fold = int(hashlib.sha256(record["id"].encode()).hexdigest(), 16) % FOLDS
        folds[fold].update(count(gold.get(record["id"], []), found))
    whole = Counter[str]()
    for fold_hits in folds:
        whole.update(fold_hits)
    yield f"{folder.name}: {in_words(whole)}; {len(pairs) / _seconds(pairs):.0f} documents a second"
    for number, fold_hits in enumerate(folds, 1):
        yield f"  fold {number}: {in_words(fold_hits)}"


def main(folders: Sequence[str]) -> None:
    """Print the speed, and the accuracy on each folder."""
    for what, figure, limit, kept in speed():
        print(f"{what}: {figure} ({limit}{'' if kept else ', MISSED'})")
    for folder in folders:
        for line in accuracy(Path(folder)):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
