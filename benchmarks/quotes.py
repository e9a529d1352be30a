"""Quotes: accuracy where annotated texts lie outside the project, and the cost of claims.

``python -m benchmarks.quotes FOLDER`` scores the folder that holds ``docs.jsonl`` (lines as for
`dateline annotate`) and ``gold.jsonl`` (id, attributions: each with source and content as lists of
[start, end], and type), in two halves of its documents. A content is found where half of its code
points and half of the row's are common to both; end to end, the speaker must overlap too.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.corpus import PUBLISHED, texts
from transforms.claims.find import find_claims
from transforms.entities.find import find_mentions
from transforms.language.pipeline import load_language
from transforms.quantities.find import find_quantities
from transforms.quantities.policy import DEFAULT, load_policy
from transforms.quotes.find import find_quotes
from transforms.text import Text
from transforms.times.find import find_times
from warehouse.tables import Quote

ARTICLES = 100
SHARE = 0.1
"""Largest share of the language pass that claims may cost."""
Spans = list[list[int]]


def claims() -> Iterator[tuple[str, str, str, bool | None]]:
    """Cost of claims and events for an article, against the language pass."""
    bodies = list(texts(ARTICLES))
    day = datetime.fromisoformat(PUBLISHED).replace(tzinfo=UTC)
    language, policy = load_language(), load_policy(DEFAULT)
    clock = time.process_time()
    documents = list(language.parse(bodies))
    parsed = time.process_time() - clock
    spent = 0.0
    for number, (body, document) in enumerate(zip(bodies, documents, strict=True)):
        text = Text(f"q{number}", "0" * 16, body, None, day)
        t, m = find_times(text, document), find_mentions(text, document)
        q, said = find_quantities(text, document, t, m, policy), find_quotes(text, document, m)
        clock = time.process_time()
        find_claims(text, document, m, q, t, said)
        spent += time.process_time() - clock
    share = spent / parsed
    yield (
        "claims / language pass", f"{share:.3f}, {spent / ARTICLES * 1000:.1f} ms an article",
        f"at most {SHARE}", share <= SHARE,
    )  # fmt: skip


def count(gold: Sequence[dict[str, Any]], found: Sequence[Quote]) -> Counter[str]:
    """Counts of one document: gold, rows, and pairs found, with the right speaker."""
    counts = Counter(gold=len(gold), rows=len(found))
    counts["direct"] = sum(g["type"] == "direct" for g in gold)
    pairs = sorted(
        (
            (-_common(g["content"], [[row.start, row.end]]), i, j)
            for i, g in enumerate(gold)
            for j, row in enumerate(found)
            if _matches(g["content"], row)
        ),
    )
    gone: tuple[set[int], set[int]] = set(), set()
    for _, i, j in pairs:
        if i in gone[0] or j in gone[1]:
            continue
        gone[0].add(i)
        gone[1].add(j)
        right = _spoken(gold[i]["source"], found[j])
        counts["found"] += 1
        counts["right"] += right
        if gold[i]["type"] == "direct":
            counts["direct_found"] += 1
            counts["direct_right"] += right
    return counts


def _common(one: Spans, other: Spans) -> int:
    return sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)


def _matches(content: Spans, row: Quote) -> bool:
    common = _common(content, [[row.start, row.end]])
    return 2 * common >= sum(b - a for a, b in content) and 2 * common >= row.end - row.start


def _spoken(source: Spans, row: Quote) -> bool:
    if row.speaker_start is None or row.speaker_end is None:
        return not source
    return _common(source, [[row.speaker_start, row.speaker_end]]) > 0


def score(folder: Path) -> Iterator[str]:
    """A line a half, and one for the whole."""
    entries = (json.loads(line) for line in (folder / "gold.jsonl").open(encoding="utf-8"))
    gold = {entry["id"]: entry["attributions"] for entry in entries}
    documents = [json.loads(line) for line in (folder / "docs.jsonl").open(encoding="utf-8")]
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    parsed = load_language().parse([d["text"] for d in documents])
    for entry, document in zip(documents, parsed, strict=True):
        text = Text(entry["id"], "0" * 16, entry["text"])
        counts = count(
            gold.get(entry["id"], []), find_quotes(text, document, find_mentions(text, document))
        )
        half = int(hashlib.sha256(entry["id"].encode()).hexdigest(), 16) % 2
        for name in (f"half {half + 1}", "whole"):
            sums[name] += counts
    for name in sorted(sums):
        c = sums[name]
        direct = c["direct_found"] / max(1, c["direct"])
        speaker = c["direct_right"] / max(1, c["direct_found"])
        yield (
            f"{folder.name} {name}: content F1 {2 * c['found'] / (c['gold'] + c['rows']):.3f},"
            f" end to end {2 * c['right'] / (c['gold'] + c['rows']):.3f},"
            f" direct found {direct:.3f}, right speaker {speaker:.3f}"
        )


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        for report in score(Path(argument)):
            print(report)
