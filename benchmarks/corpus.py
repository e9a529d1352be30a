"""Texts to measure on: our own sample articles, varied so that no two are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from flows.demo.article import load_articles

PUBLISHED = "2026-03-12"


def texts(count: int) -> Iterator[str]:
    """`count` articles: the sample ones in turn, each opening with a line of its own."""
    samples = [a.text for a in load_articles() if a.language == "en"]
    for number in range(count):
        yield f"This is report number {number + 1}.\n{samples[number % len(samples)]}"


def write_jsonl(path: Path, count: int) -> Path:
    """A file of `count` lines for `dateline annotate` and the files source."""
    with path.open("w", encoding="utf-8") as handle:
        for number, text in enumerate(texts(count)):
            line = {"id": f"b{number}", "text": text, "published_at": PUBLISHED, "language": "en"}
            handle.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path
