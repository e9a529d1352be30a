"""`make bench`: speed, memory and start-up, as ratios against a named peer or limit.

``python -m benchmarks memory peers`` measures these parts alone; ``--write FILE`` puts the table
into a page.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks.corpus import PUBLISHED, texts, write_jsonl
from benchmarks.duplicates import duplicates
from benchmarks.fetch import fetch
from benchmarks.measure import best, run
from benchmarks.names import names as entities
from benchmarks.nights import quality
from benchmarks.page import to_page
from benchmarks.peers import peers
from benchmarks.quantities import quantities
from benchmarks.quotes import claims
from benchmarks.registry import registry
from benchmarks.similarity import similarity
from benchmarks.times import speed
from flows.batch import Incoming, Item, extract_items, stage_batch
from transforms.annotate import VERSIONS, annotate
from transforms.language.pipeline import DEFAULT_MODEL, SpacyPipeline, load_language
from transforms.text import Text

ARTICLES = 300
SMALL = 150
FLAT = (600, 3000)
"""Articles between which memory must not grow; fewer do not fill the batches of two workers."""
T = TypeVar("T")

Row = tuple[str, str, str, bool | None]
"""What, figure, limit, and whether it is kept."""


def main() -> None:
    """Measure and print a table; exit code 1 where a limit is missed."""
    parts = {part.__name__: part for part in PARTS}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts)}")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write a page with the table")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - parts.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}: {', '.join(parts)}")
    console = Console()
    rows: list[Row] = []
    for name in asked.parts or parts:
        with console.status(f"measuring {name}"):
            for row in _measured(parts[name]):
                console.print(*row[:3], sep="  ", style="dim")
                rows.append(row)
    table = Table(title="Dateline benchmarks", title_justify="left")
    for heading in ("what", "figure", "limit", "kept"):
        table.add_column(heading)
    for what, figure, limit, kept in rows:
        table.add_row(what, figure, limit, "" if kept is None else "yes" if kept else "NO")
    console.print(table)
    if asked.write:
        asked.write.write_text(to_page(rows), encoding="utf-8")
        console.print(f"Wrote {asked.write}")
    sys.exit(any(kept is False for *_, kept in rows))


def _measured(part: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """The rows of a part; where it breaks, a row that says so, so that the others are measured."""
    try:
        yield from part()
    except Exception as error:  # noqa: BLE001 - whatever it is, the table names it
        yield f"{part.__name__} broke", f"{type(error).__name__}: {error}", "", False


def _cpu(function: Callable[[], T]) -> tuple[float, T]:
    clock = time.process_time()
    result = function()
    return time.process_time() - clock, result


def annotation() -> Iterator[Row]:
    """The annotators against the bare spaCy pass of the same components on the same texts."""
    language = load_language()
    bodies = list(texts(ARTICLES))
    _warm(language, bodies[:20])
    bare: list[float] = []
    whole: list[float] = []
    parts: list[tuple[float, float]] = []
    for _ in range(3):  # in turn, so that a drift of the machine meets both
        seconds, _docs = _cpu(lambda: sum(1 for _ in language.nlp.pipe(bodies, batch_size=64)))
        bare.append(seconds)
        parse, documents = _cpu(lambda: list(language.parse(bodies)))
        facts, _frames = _cpu(partial(annotate, _texts(bodies), documents))
        whole.append(parse + facts)
        parts.append((parse, facts))
    ratios = sorted(w / b for w, b in zip(whole, bare, strict=True))
    parse, facts = sorted(parts)[1]
    words = sum(len(d) for d in documents)
    yield ("bare nlp.pipe", f"{ARTICLES / sorted(bare)[1]:.1f} articles per CPU second", "", None)
    yield "parse into documents", f"{ARTICLES / parse:.1f} articles per CPU second", "", None
    yield (
        f"annotators ({', '.join(VERSIONS)})",
        f"{ARTICLES / facts:.1f} articles, {words / facts:,.0f} tokens per CPU second", "", None,
    )  # fmt: skip
    yield (
        "whole annotation / bare nlp.pipe",
        f"{ratios[1]:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})", "at most 1.5", ratios[1] <= 1.5,
    )  # fmt: skip


def _warm(language: SpacyPipeline, bodies: list[str]) -> None:
    annotate(_texts(bodies), list(language.parse(bodies)))


def _texts(bodies: list[str]) -> list[Text]:
    day = datetime.fromisoformat(PUBLISHED).replace(tzinfo=UTC)
    return [Text(f"b{n}", "0" * 16, body, None, day, "en") for n, body in enumerate(bodies)]


def validation() -> Iterator[Row]:
    """The expectations of a batch of articles against reading and annotating it."""
    with tempfile.TemporaryDirectory() as name:
        path = write_jsonl(Path(name) / "batch.jsonl", 100)
        now = datetime.now(UTC)
        items = [
            Item("b", f"{path}:{n}", "jsonl", line.encode(), now)
            for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        ]
        found = [o for o in extract_items(items, None)[0] if isinstance(o, Incoming)]
        for turn in ("warm", "measured"):  # the first pays for imports
            staged = stage_batch(
                found,
                Path(name) / turn,
                model=DEFAULT_MODEL,
                run_id=turn,
                as_of=now,
                zones={},
                stamps={"b": ""},
            )
    spent = {stage: usage.seconds for stage, usage in staged.usage.items()}
    share = spent["validate"] / sum(spent.values())
    yield (
        "validation / all work on a batch of 100 articles", f"{share:.3f}", "under 0.1", share < 0.1
    )  # fmt: skip


def numbers() -> Iterator[Row]:
    """Quantities beside quantulum3, where that is installed."""
    yield from quantities(load_language())


def names() -> Iterator[Row]:
    """The cost of names, and how many are right."""
    yield from entities(load_language())


def times() -> Iterator[Row]:
    """The cost of times."""
    yield from speed()


def start_up() -> Iterator[Row]:
    """Commands that must answer at once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(["init"], cwd=folder)
        for arguments, limit in ((["--help"], 0.3), (["sql", "select 1"], 0.7)):
            cost = best(arguments, cwd=folder)
            yield (
                f"dateline {' '.join(arguments)}", f"{cost.user:.2f} s of user time",
                f"under {limit} s", cost.user < limit,
            )  # fmt: skip


def memory() -> Iterator[Row]:
    """Peak memory of `dateline annotate` at one and five times the input."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [write_jsonl(folder / f"{count}.jsonl", count) for count in FLAT]
        peaks = [
            run(["annotate", str(path), "--out", str(folder / path.stem)], cwd=folder).memory
            for path in files
        ]
    ratio = peaks[1] / peaks[0]
    yield (
        f"peak memory of a process, {FLAT[0]} and {FLAT[1]} articles",
        f"{peaks[0] / 1e6:.0f} and {peaks[1] / 1e6:.0f} MB, ratio {ratio:.2f}",
        "at most 1.10", ratio <= 1.10,
    )  # fmt: skip


def ingest() -> Iterator[Row]:
    """A second ingest of the same sources against the first, apart from the fixed start."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "dateline.toml"
        config.write_text(
            'warehouse = "warehouse"\n[[sources]]\nid = "files"\nkind = "files"\n'
            'location = "texts"\n',
            encoding="utf-8",
        )
        (folder / "texts").mkdir()
        start = run(["ingest"], cwd=folder)  # an empty folder: only the fixed start
        write_jsonl(folder / "texts" / "articles.jsonl", SMALL)
        first = run(["ingest"], cwd=folder)
        second = run(["ingest"], cwd=folder)
    work = first.wall - start.wall
    again = max(0.0, second.wall - start.wall)
    yield (
        "ingest, first",
        f"{SMALL / work:.1f} articles per second after {start.wall:.0f} s of start",
        "", None,
    )  # fmt: skip
    yield (
        "ingest, second / first", f"{again / work:.3f}", "under 0.1", again / work < 0.1
    )  # fmt: skip


PARTS = (
    peers,
    annotation,
    validation,
    numbers,
    names,
    times,
    claims,
    start_up,
    memory,
    ingest,
    fetch,
    duplicates,
    registry,
    similarity,
    quality,
)

if __name__ == "__main__":
    main()
