"""`dateline annotate`: JSONL in, one Parquet file a fact table out; no warehouse, no Prefect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.pool import Pool, work_here
from flows.sift import explain, sift
from flows.workers import batched, language, spread
from transforms.annotate import LANGUAGES, annotate
from transforms.article.lines import parse_line
from transforms.article.model import Rejected
from transforms.convert import as_arrow
from transforms.language.headline import parse_headlines
from transforms.quantities.policy import DEFAULT
from transforms.text import Text, version_of
from warehouse.tables import BY_NAME, FACTS, arrow_schema

BATCH = 64
REJECTED = "rejected.jsonl"
SHOWN = 20

Line = tuple[str, bytes]
"""Where a line stands, and its bytes."""


@dataclass
class Outcome:
    """What became of the lines of a run, or of one batch of it."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    """Lines that gave no text; of a whole run only the first twenty."""
    rejects: int = 0
    annotated: int = 0
    skipped: int = 0


def annotate_files(
    paths: list[Path],
    out: Path,
    *,
    model: str,
    published: datetime | None,
    vague_policy: str = DEFAULT,
    processes: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Annotate every line of `paths` into ``out/<table>.parquet``; the sums of what happened.

    Lines that give no text, or on which we fail, go to ``out/rejected.jsonl`` with the reason.
    Files appear under their names only when all is done. Memory is bounded by the batches under
    way.

    Raises:
        OSError: a file cannot be read, or `out` not written.
    """
    out.mkdir(parents=True, exist_ok=True)
    partials = {t.name: out / f".{t.name}.parquet.partial" for t in FACTS}
    rejects = out / f".{REJECTED}.partial"
    total = Outcome()
    function = partial(annotate_batch, model=model, published=published, vague_policy=vague_policy)
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(
                pq.ParquetWriter(path, arrow_schema(BY_NAME[name].columns), compression="zstd")
            )
            for name, path in partials.items()
        }
        handle = stack.enter_context(rejects.open("w", encoding="utf-8"))
        lines = (line for path in paths for line in read_lines(path))
        for outcome in spread(function, batched(lines, BATCH), processes, model):
            for name, table in outcome.tables.items():
                writers[name].write_table(table)
            for reject in outcome.rejected:
                handle.write(json.dumps(reject, ensure_ascii=False) + "\n")
            total.rejected += outcome.rejected[: max(0, SHOWN - len(total.rejected))]
            total.rejects += len(outcome.rejected)
            total.annotated += outcome.annotated
            total.skipped += outcome.skipped
            progress(outcome.annotated + outcome.skipped + len(outcome.rejected))
    for name, path in partials.items():
        path.replace(out / f"{name}.parquet")
    if total.rejects:
        rejects.replace(out / REJECTED)
    else:
        rejects.unlink()
        (out / REJECTED).unlink(missing_ok=True)
    return total


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a JSONL file that are not blank, with file and line number."""
    with path.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            if line.strip():
                yield f"{path}:{number}", line


def annotate_batch(
    lines: list[Line], *, model: str, published: datetime | None, vague_policy: str = DEFAULT
) -> Outcome:
    """The facts of a batch of lines as Arrow tables, and the lines that gave none."""
    outcome = Outcome()
    texts: list[Text] = []
    places: list[Line] = []
    for where, line in lines:
        try:
            document_id, found = parse_line(line, where=where, default_published=published)
        except Rejected as reject:
            outcome.rejected.append(_rejected(where, line, reject.rule, reject.reason))
            continue
        if found.language is not None and found.language not in LANGUAGES:
            outcome.skipped += 1
            continue
        places.append((where, line))
        texts.append(
            Text(
                article_id=document_id,
                version=version_of(found.headline, found.text),
                text=found.text,
                headline=found.headline,
                published_at=found.published_at,
                language=found.language or "en",
                url=found.url,
            )
        )

    def work(_: Pool, part: Sequence[int]) -> dict[str, pa.Table]:
        return _annotate([texts[n] for n in part], model, vague_policy)

    for part in sift(work, range(len(texts)), work_here()) if texts else ():
        if part.failure is not None:
            reason = f"{explain(part.failure)}: please report it"
            outcome.rejected += [_rejected(*places[n], "fault", reason) for n in part.items]
            continue
        outcome.annotated += len(part.items)
        for name, table in (part.result or {}).items():
            known = outcome.tables.get(name)
            outcome.tables[name] = table if known is None else pa.concat_tables([known, table])
    return outcome


def _annotate(texts: Sequence[Text], model: str, vague_policy: str) -> dict[str, pa.Table]:
    documents = list(language(model).parse([t.text for t in texts]))
    headlines = parse_headlines(language(model), texts)
    frames = annotate(texts, documents, vague_policy, headlines)
    return {n: as_arrow(BY_NAME[n], frame) for n, frame in frames.items()}


def _rejected(where: str, line: bytes, rule: str, reason: str) -> dict[str, Any]:
    text = line.decode("utf-8", "backslashreplace").rstrip("\n")
    return {"where": where, "rule": rule, "reason": reason, "line": text}
