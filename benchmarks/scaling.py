"""`python -m benchmarks.scaling [ARTICLES]`: what an article costs by stage, what a worker adds.

Prints processor seconds an article by stage, the memory of a worker before it has a text and for
each character, whether it stays flat, and the throughput of two workers against one. The last needs
two idle cores: the load average is printed beside it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.corpus import PUBLISHED, texts
from flows.batch import Incoming, Item, Staged, extract_items, stage_batch
from flows.meter import Usage, peak_memory
from flows.settings import Settings
from flows.workers import batched, start_pool, warm_up

AT = datetime(2026, 3, 12, 2, tzinfo=UTC)
BATCH = 50
Row = tuple[str, str, str, bool | None]


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    for row in scaling(count):
        print(*row[:3], sep="  ")


def scaling(count: int) -> Iterator[Row]:
    """Cost by stage, memory and the second worker's share, of `count` articles."""
    articles = list(_articles(count))
    characters = sum(len(a.extracted.text) for a in articles)
    yield "articles", f"{count}, {characters / count:.0f} characters each", "", None
    yield "load before", " ".join(f"{n:.2f}" for n in os.getloadavg()), "", None
    with tempfile.TemporaryDirectory() as name, start_pool(1, Settings().model) as pool:
        empty = pool.submit(peak_memory).result()
        done = [
            pool.submit(_stage, batch, Path(name) / str(n)).result()
            for n, batch in enumerate(batched(articles, BATCH))
        ]
    usage: dict[str, Usage] = {}
    for staged in done:
        for stage, used in staged.usage.items():
            usage[stage] = usage.get(stage, Usage()) + used
    for stage, used in usage.items():
        spent = (used.cpu_seconds or 0.0) / count
        yield f"{stage}, an article", f"{spent * 1000:.1f} ms of processor time", "", None
    total = sum(used.cpu_seconds or 0.0 for used in usage.values()) / count
    yield "a worker", f"{1 / total:.1f} articles a processor second", "", None
    peaks = [max(used.peak_memory for used in staged.usage.values()) for staged in done]
    flat = max(peaks[len(peaks) // 2 :]) / max(peaks[: max(1, len(peaks) // 2)])
    yield "memory of a worker, empty", f"{empty / 2**20:.0f} MiB", "", None
    yield "  at most", f"{max(peaks) / 2**20:.0f} MiB", "", None
    yield "  second half / first half", f"{flat:.2f}", "at most 1.10", flat <= 1.10
    yield "  a character", f"{_per_character(articles):.0f} bytes", "", None
    one, two = _throughput(articles, 1), _throughput(articles, 2)
    yield (
        "two workers / one", f"{two / one:.2f} ({one:.1f} and {two:.1f} articles a second)",
        "at least 1.70 on two idle cores", None,
    )  # fmt: skip
    yield "load after", " ".join(f"{n:.2f}" for n in os.getloadavg()), "", None


def _articles(count: int) -> Iterator[Incoming]:
    items = [
        Item("bench", f"b{n}.txt", "txt", text.encode(), AT) for n, text in enumerate(texts(count))
    ]
    found, _ = extract_items(items, datetime.fromisoformat(PUBLISHED).replace(tzinfo=UTC))
    return (one for one in found if isinstance(one, Incoming))


def _stage(batch: list[Incoming], folder: Path) -> Staged:
    return stage_batch(
        batch, folder, model=Settings().model, run_id="bench", as_of=AT, zones={},
        stamps={"bench": "0" * 16},
    )  # fmt: skip


def _per_character(articles: list[Incoming]) -> float:
    """Bytes that a worker's peak grows by with each character of a batch: many against few."""
    few, many = articles[:25], articles[:200]
    peaks = []
    for batch in (few, many):
        with tempfile.TemporaryDirectory() as name, start_pool(1, Settings().model) as pool:
            staged = pool.submit(_stage, batch, Path(name)).result()
        peaks.append(max(used.peak_memory for used in staged.usage.values()))
    grown = sum(len(a.extracted.text) for a in many) - sum(len(a.extracted.text) for a in few)
    return max(0, peaks[1] - peaks[0]) / grown


def _throughput(articles: list[Incoming], processes: int) -> float:
    """Articles a second through so many workers, their start left out."""
    with (
        tempfile.TemporaryDirectory() as name,
        start_pool(processes, Settings().model) as pool,
    ):
        warm_up(pool, processes)
        first = [
            pool.submit(_stage, articles[:5], Path(name) / f"w{n}") for n in range(2 * processes)
        ]
        for done in first:
            done.result()
        clock = time.perf_counter()
        batches = enumerate(batched(articles, BATCH))
        waiting = [pool.submit(_stage, batch, Path(name) / str(n)) for n, batch in batches]
        for work in waiting:
            work.result()
        return len(articles) / (time.perf_counter() - clock)


if __name__ == "__main__":
    main()
