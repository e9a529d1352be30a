"""`dateline extract`: HTML files in, one Parquet file of articles out, without a warehouse."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.progress import Report
from flows.sift import explain
from flows.workers import batched, spread
from transforms.article.model import RawPage, Rejected
from transforms.article.page import extract_page

BATCH = 32
SHOWN = 20

SCHEMA = pa.schema(
    [
        pa.field("path", pa.string(), nullable=False),
        pa.field("url", pa.string()),
        pa.field("title", pa.string()),
        pa.field("text", pa.string(), nullable=False),
        pa.field("author", pa.string()),
        pa.field("published_at", pa.timestamp("us", tz="UTC")),
        pa.field("language", pa.string()),
    ]
)


@dataclass
class Outcome:
    """What became of the files."""

    written: int = 0
    rejects: int = 0
    rejected: list[tuple[str, str]] = field(default_factory=list)
    """Path and reason of the first files that gave no article."""


def extract_files(paths: Sequence[Path], out: Path, *, processes: int, report: Report) -> Outcome:
    """Write the articles of `paths` to `out`, in their order; memory holds some batches.

    Raises:
        OSError: `out` cannot be written.
    """
    outcome = Outcome()
    out.parent.mkdir(parents=True, exist_ok=True)
    partial_file = out.with_name(f".{out.name}.partial")
    # a page cannot be from after the run; the clock is read here, not in transforms
    function = partial(extract_batch, now=datetime.now(UTC))
    done = 0
    with pq.ParquetWriter(partial_file, SCHEMA, compression="zstd") as writer:
        for rows, rejected in spread(function, batched(paths, BATCH), processes):
            writer.write_table(pa.Table.from_pylist(rows, schema=SCHEMA))
            outcome.written += len(rows)
            outcome.rejects += len(rejected)
            outcome.rejected += rejected[: max(0, SHOWN - len(outcome.rejected))]
            done += len(rows) + len(rejected)
            report("pages", done, len(paths))
    partial_file.replace(out)
    return outcome


def extract_batch(
    paths: Sequence[Path], *, now: datetime
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Rows of the files that gave an article, and path and reason of those that did not."""
    rows: list[dict[str, Any]] = []
    rejected: list[tuple[str, str]] = []
    for path in paths:
        try:
            found = extract_page(RawPage(str(path), _read(path), None, now))
        except Rejected as reject:
            rejected.append((str(path), reject.reason))
        except (OSError, EOFError, zlib.error) as error:
            rejected.append((str(path), f"the file cannot be read: {error}"))
        except Exception as error:  # noqa: BLE001 - a fault of ours costs one page, not all
            rejected.append((str(path), f"{explain(error)}: please report it"))
        else:
            rows.append(
                {
                    "path": str(path),
                    "url": found.canonical_url,
                    "title": found.headline,
                    "text": found.text,
                    "author": ", ".join(found.authors) or found.byline,
                    "published_at": found.published_at,
                    "language": found.language,
                }
            )
    return rows, rejected


def _read(path: Path) -> bytes:
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body
