"""`dateline kb build`: a knowledge file from a dump of Wikidata, item by item.

The dump is one JSON array, an item a line (https://www.wikidata.org/wiki/Wikidata:Database_download).
Memory holds a few thousand items and the codes of countries, however long the dump is: countries
stand anywhere in it, so things are written with the item of their country first, and a second pass
over what was written puts the code there.
"""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from flows.workers import batched
from transforms.registry.knowledge import KnowledgeError
from transforms.registry.wikidata import find_country_code, to_thing_of_wikidata

BATCH = 5_000
THINGS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("names", pa.list_(pa.string()), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("country", pa.string()),
        pa.field("wikidata_id", pa.string(), nullable=False),
        pa.field("weight", pa.float64(), nullable=False),
        pa.field("geonames_id", pa.int64()),
        pa.field("latitude", pa.float64()),
        pa.field("longitude", pa.float64()),
    ]
)


@dataclass(slots=True)
class Built:
    """What was read and written."""

    items: int = 0
    things: int = 0


def build_knowledge(dump: Path, out: Path, progress: Callable[[int], None]) -> Built:
    """Write the people, bodies, groups, events and places of a dump to a Parquet file.

    The file appears under its name when it is whole.

    Raises:
        KnowledgeError: a line of the dump is no item; names it.
        OSError: the dump cannot be read, or the file not written.
    """
    built = Built()
    codes: dict[str, str] = {}
    out.parent.mkdir(parents=True, exist_ok=True)
    first, partial = (out.with_name(f".{out.name}.{part}") for part in ("first", "partial"))
    try:
        with pq.ParquetWriter(first, THINGS, compression="zstd") as writer:
            for rows in batched(_rows(dump, codes, built, progress), BATCH):
                writer.write_table(pa.Table.from_pylist(rows, THINGS))
                built.things += len(rows)
        with pq.ParquetWriter(partial, THINGS, compression="zstd") as writer:
            for batch in pq.ParquetFile(first).iter_batches(BATCH):
                countries = [codes.get(c) for c in batch.column("country").to_pylist()]
                at = THINGS.get_field_index("country")
                table = pa.Table.from_batches([batch])
                writer.write_table(
                    table.set_column(at, THINGS.field(at), pa.array(countries, pa.string()))
                )
        partial.replace(out)
    finally:
        first.unlink(missing_ok=True)
        partial.unlink(missing_ok=True)
    return built


def _rows(
    dump: Path, codes: dict[str, str], built: Built, progress: Callable[[int], None]
) -> Iterator[dict[str, Any]]:
    for item in read_items(dump):
        built.items += 1
        if built.items % BATCH == 0:
            progress(built.items)
        code = find_country_code(item)
        if code is not None:
            codes[str(item["id"])] = code
        found = to_thing_of_wikidata(item)
        if found is not None:
            thing, country = found
            latitude, longitude = thing.point or (None, None)
            yield {
                "id": thing.id, "names": list(thing.names), "type": thing.kind,
                "country": country, "wikidata_id": thing.id, "weight": thing.weight,
                "geonames_id": thing.geonames_id, "latitude": latitude, "longitude": longitude,
            }  # fmt: skip


def read_items(dump: Path) -> Iterator[dict[str, Any]]:
    """The items of a dump, one after the other.

    Raises:
        KnowledgeError: a line is no item, or the file ends within one.
    """
    with _open(dump) as lines:
        number = 0
        try:
            for number, line in enumerate(lines, 1):
                text = line.strip().rstrip(b",")
                if text in (b"", b"[", b"]"):
                    continue
                item = json.loads(text)
                if not isinstance(item, dict) or "id" not in item:
                    raise KnowledgeError(f"{dump}, line {number}: this is no item of Wikidata")
                yield item
        except (ValueError, EOFError) as error:
            raise KnowledgeError(f"{dump}, line {number}: {error}") from error


def _open(dump: Path) -> IO[bytes]:
    if dump.suffix == ".gz":
        return cast(IO[bytes], gzip.open(dump, "rb"))
    return bz2.open(dump, "rb") if dump.suffix == ".bz2" else dump.open("rb")
