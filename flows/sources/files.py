"""Files and folders of HTML, text and JSONL, one item at a time."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal

MAX_BYTES = 50_000_000
FileKind = Literal["html", "txt", "jsonl", "ninjs"]
_KINDS: dict[str, FileKind] = {
    ".html": "html", ".htm": "html", ".txt": "txt", ".jsonl": "jsonl", ".jsonl.gz": "jsonl",
    ".ninjs": "ninjs", ".json": "ninjs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileItem:
    """A file, or a line of one.

    Attributes:
        where: ``path``, or ``path:line`` with lines counted from 1.
        body: its bytes, not decoded; of a line without the line break.
        modified: when the file was last changed, UTC.
    """

    where: str
    kind: FileKind
    body: bytes
    modified: datetime


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file or line that cannot be read.

    Attributes:
        where: ``path``, or ``path:line``.
        rule: ``not_found``, ``unreadable``, ``too_large`` or ``gzip``.
        reason: the same in words.
    """

    where: str
    rule: str
    reason: str


@dataclass
class Skipped:
    """Files passed over because of their suffix, counted by suffix."""

    by_suffix: dict[str, int] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        """Count one more."""
        self.by_suffix[path.suffix] = self.by_suffix.get(path.suffix, 0) + 1


def iter_files(
    location: Path,
    *,
    skipped: Skipped | None = None,
    max_bytes: int = MAX_BYTES,
    only: FileKind | None = None,
) -> Iterator[FileItem | FileProblem]:
    """The items of a file, or of all files below a folder in sorted order; memory holds one item.

    Args:
        location: file or folder. Hidden files and folders are left out.
        skipped: counts files of unknown suffixes.
        max_bytes: size bound of one item; a larger one gives a problem.
        only: files of other kinds are left out. Without it .json is: most of that is no news.
    """
    counts = skipped if skipped is not None else Skipped()
    try:
        if not location.exists():
            yield FileProblem(str(location), "not_found", "there is no such file or folder")
            return
        folder = location.is_dir()
    except OSError as error:
        yield FileProblem(str(location), "unreadable", _in_words(error))
        return
    for found in _walk(location) if folder else iter([location]):
        if isinstance(found, FileProblem):
            yield found
            continue
        kind = _kind(found)
        if only is None and found.suffix.lower() == ".json":
            kind = None
        if kind is None or only not in (None, kind):
            counts.add(found)
        else:
            yield from _read(found, kind, max_bytes)


def _walk(folder: Path) -> Iterator[Path | FileProblem]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield FileProblem(str(folder), "unreadable", _in_words(error))
        return
    for path in entries:
        if path.name.startswith("."):
            continue
        if path.is_dir():
            # a linked folder may lead back up, and never end
            if not path.is_symlink():
                yield from _walk(path)
        else:
            yield path


def _kind(path: Path) -> FileKind | None:
    name = path.name.lower()
    return next((kind for suffix, kind in _KINDS.items() if name.endswith(suffix)), None)


def _read(path: Path, kind: FileKind, max_bytes: int) -> Iterator[FileItem | FileProblem]:
    try:
        if not path.is_file():
            yield FileProblem(str(path), "unreadable", "this is no regular file")
            return
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if kind != "jsonl":
            with path.open("rb") as file:
                body = file.read(max_bytes + 1)
            if len(body) > max_bytes:
                yield FileProblem(str(path), "too_large", f"more than {max_bytes} bytes")
            else:
                yield FileItem(str(path), kind, body, modified)
            return
        with _opened(path) as file:
            yield from _lines(path, file, modified, max_bytes)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        yield FileProblem(str(path), "gzip", f"the compressed file is broken: {error}")
    except OSError as error:
        yield FileProblem(str(path), "unreadable", _in_words(error))


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rb")
    return path.open("rb")


def _lines(
    path: Path, file: IO[bytes] | gzip.GzipFile, modified: datetime, max_bytes: int
) -> Iterator[FileItem | FileProblem]:
    number = 0
    while line := file.readline(max_bytes + 1):
        number += 1
        where = f"{path}:{number}"
        if len(line) > max_bytes and not line.endswith(b"\n"):
            yield FileProblem(where, "too_large", f"more than {max_bytes} bytes in one line")
            while line and not line.endswith(b"\n"):
                line = file.readline(1 << 20)
        elif line.strip():
            yield FileItem(where, "jsonl", line.rstrip(b"\r\n"), modified)


def _in_words(error: OSError) -> str:
    return error.strerror or str(error)
