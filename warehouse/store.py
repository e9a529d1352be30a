"""Folders that may lie on an object store, and are used like paths.

A place is a `pathlib.Path` or, on a store that speaks S3, a `Remote`, which has the few methods of
a path that a warehouse needs. So the code that stages, publishes and maintains is the same for
both; ``str(place)`` is what DuckDB reads. Who may use the store is known from the environment alone
(``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_SESSION_TOKEN``): a `Remote` that travels
to another machine carries no secret.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast

# pyarrow is imported where it is used: `dateline --help` and `dateline sql` answer at once
if TYPE_CHECKING:
    import pyarrow as pa

ATTEMPTS = 10
"""How often a request is tried that a store answers with 5xx, or not at all."""
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


class StoreError(Exception):
    """The object store cannot be used as it is configured; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Store:
    """An object store, without what is secret about it.

    Attributes:
        endpoint: its address with scheme; null is Amazon's of the region.
        path_style: whether buckets are parts of the path, not of the host's name.
    """

    endpoint: str | None = None
    region: str = "us-east-1"
    path_style: bool = True

    @property
    def host(self) -> str | None:
        """The endpoint without its scheme."""
        return None if self.endpoint is None else self.endpoint.rpartition("://")[2].rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether it is spoken to by TLS."""
        return self.endpoint is None or not self.endpoint.startswith("http://")


@dataclass(frozen=True, slots=True)
class Stat:
    """What a store tells of an object, named as `os.stat` does."""

    st_size: int
    st_mtime: float


@dataclass(frozen=True, slots=True)
class Remote:
    """An object or folder on a store: bucket and key, without a slash at the end."""

    key: str
    store: Store

    @property
    def name(self) -> str:
        """The last part of the key."""
        return self.key.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return PurePosixPath(self.name).stem

    @property
    def parent(self) -> Remote:
        """The folder it lies in."""
        return Remote(self.key.rpartition("/")[0], self.store)

    def __str__(self) -> str:
        """The address as DuckDB and others write it."""
        return f"s3://{self.key}"

    def __lt__(self, other: Remote) -> bool:
        return self.key < other.key

    def __truediv__(self, name: str) -> Remote:
        return Remote(f"{self.key}/{name}", self.store)

    def relative_to(self, other: Remote) -> PurePosixPath:
        """The key from another folder on."""
        return PurePosixPath(self.key).relative_to(other.key)

    def mkdir(self, mode: int = 0, parents: bool = False, exist_ok: bool = False) -> None:
        """Nothing: on a store a folder is where there is something in it."""

    def is_file(self) -> bool:
        """Whether there is such an object."""
        return bool(_info(self).is_file)

    def is_dir(self) -> bool:
        """Whether there is an object below it."""
        return next(self.rglob("*"), None) is not None

    def exists(self) -> bool:
        """Whether there is such an object, or one below it."""
        return self.is_file() or self.is_dir()

    def stat(self) -> Stat:
        """Size and time of the object.

        Raises:
            FileNotFoundError: there is none.
        """
        info = _info(self)
        if not info.is_file:
            raise FileNotFoundError(str(self))
        return Stat(info.size, info.mtime.timestamp())

    def rglob(self, pattern: str) -> Iterator[Remote]:
        """The objects below whose name matches, by key."""
        yield from (place for place, _ in _list(self, pattern))

    def open_input(self) -> IO[bytes]:
        """The object as a file that can be read from anywhere."""
        return cast("IO[bytes]", _files(self.store).open_input_file(self.key))

    def read_bytes(self) -> bytes:
        """The whole object."""
        with self.open_input() as handle:
            return handle.read()

    def write_bytes(self, data: bytes) -> int:
        """Write the whole object: it is there when this returns, and never in part."""
        with _files(self.store).open_output_stream(self.key) as handle:
            return int(handle.write(data))

    def unlink(self, missing_ok: bool = False) -> None:
        """Delete the object."""
        try:
            _files(self.store).delete_file(self.key)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def replace(self, target: Remote) -> None:
        """Move the object there: a copy, and then a deletion."""
        files = _files(self.store)
        files.copy_file(self.key, target.key)
        files.delete_file(self.key)


Place = Path | Remote
"""A file or folder, wherever it lies."""


def to_place(url: str, store: Store) -> Remote:
    """The folder that ``s3://bucket/prefix`` names."""
    scheme, _, key = url.partition("://")
    if scheme != "s3" or not key.strip("/"):
        raise StoreError(f"{url!r} is no place on an object store: give s3://bucket/prefix")
    return Remote(key.strip("/"), store)


def list_files(folder: Place, pattern: str) -> Iterator[tuple[Place, Stat]]:
    """The files below a folder whose name matches, with size and time, in order."""
    if isinstance(folder, Remote):
        yield from _list(folder, pattern)
        return
    for path in sorted(folder.rglob(pattern)):
        about = path.stat()
        yield path, Stat(about.st_size, about.st_mtime)


def list_folders(folder: Place) -> list[Place]:
    """The folders right below one, in order."""
    if not isinstance(folder, Remote):
        return sorted(p for p in folder.glob("*") if p.is_dir())
    depth = folder.key.count("/") + 1
    parts = {tuple(p.key.split("/")[: depth + 1]) for p in folder.rglob("*")
             if p.key.count("/") > depth}  # fmt: skip
    return [Remote("/".join(part), folder.store) for part in sorted(parts)]


def remove_folder(folder: Place) -> None:
    """Delete a folder with all that is in it; nothing where there is none."""
    if isinstance(folder, Remote):
        _files(folder.store).delete_dir_contents(folder.key, missing_dir_ok=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def move_file(file: Place, target: Place) -> None:
    """Move a file to another place of the same kind."""
    if isinstance(file, Path):
        file.replace(cast("Path", target))
    else:
        file.replace(cast("Remote", target))


def write_parquet(data: pa.Table, file: Place) -> None:
    """Write a Parquet file, compressed; on a store it is made in memory and sent in one go."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if isinstance(file, Path):
        pq.write_table(data, file, compression="zstd")
        return
    sink = pa.BufferOutputStream()
    pq.write_table(data, sink, compression="zstd")
    file.write_bytes(sink.getvalue())


def read_parquet(
    file: Place, *, schema: pa.Schema | None = None, columns: Sequence[str] | None = None
) -> pa.Table:
    """The rows of a Parquet file, of these columns or all."""
    import pyarrow.parquet as pq

    wanted = None if columns is None else list(columns)
    if isinstance(file, Path):
        return pq.read_table(file, schema=schema, columns=wanted)
    with file.open_input() as handle:
        return pq.read_table(handle, schema=schema, columns=wanted)


def read_slices(file: Place, rows: int, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, so many at a time."""
    import pyarrow.parquet as pq

    with file.open("rb") if isinstance(file, Path) else file.open_input() as handle:
        yield from pq.ParquetFile(handle).iter_batches(rows, columns=list(columns))


def _list(folder: Remote, pattern: str) -> Iterator[tuple[Remote, Stat]]:
    from pyarrow import fs

    selector = fs.FileSelector(folder.key, recursive=True, allow_not_found=True)
    found = [
        (Remote(info.path, folder.store), Stat(info.size, info.mtime.timestamp()))
        for info in _files(folder.store).get_file_info(selector)
        if info.is_file and fnmatch(info.base_name, pattern)
    ]
    yield from sorted(found, key=lambda one: one[0].key)


def _info(place: Remote) -> Any:
    return _files(place.store).get_file_info(place.key)


@cache
def _files(store: Store) -> Any:
    """The store's file system in this process."""
    from pyarrow import fs

    key, secret = credentials()
    return fs.S3FileSystem(
        access_key=key,
        secret_key=secret,
        session_token=os.environ.get("AWS_SESSION_TOKEN"),
        region=store.region,
        endpoint_override=store.host,
        scheme="https" if store.secure else "http",
        force_virtual_addressing=not store.path_style,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=ATTEMPTS),
        allow_delayed_open=True,  # what is small is sent by one request, not by three
        connect_timeout=10,
        request_timeout=30,
    )


def credentials() -> tuple[str, str]:
    """The key and its secret, from the environment.

    Raises:
        StoreError: they are not there.
    """
    key, secret = (os.environ.get(name) for name in KEYS)
    if not key or not secret:
        raise StoreError(f"the object store needs {' and '.join(KEYS)} in the environment")
    return key, secret


def secret_statement(folder: Remote, name: str) -> str:
    """The statement by which a DuckDB session may use a folder on the store."""
    key, secret = credentials()
    store = folder.store
    values = {
        "SCOPE": str(folder), "KEY_ID": key, "SECRET": secret, "REGION": store.region,
        "SESSION_TOKEN": os.environ.get("AWS_SESSION_TOKEN"), "ENDPOINT": store.host,
        "URL_STYLE": "path" if store.path_style else "vhost",
    }  # fmt: skip
    given = [f"{name} '{value.replace(chr(39), chr(39) * 2)}'" for name, value in values.items()
             if value is not None]  # fmt: skip
    given.append(f"USE_SSL {str(store.secure).lower()}")
    return f"CREATE OR REPLACE SECRET store_of_{name} (TYPE s3, {', '.join(given)})"
