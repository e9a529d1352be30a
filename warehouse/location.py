"""Where a warehouse's catalog and data lie, if not in its folder: the file `lake.toml` in it.

So a folder alone is enough to open its warehouse, from whatever machine it is on, and moving a
warehouse ends with one file that is replaced. It holds no secret.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from warehouse.errors import WarehouseError
from warehouse.postgres import check_address
from warehouse.store import Remote, Store, StoreError, to_place

FILE = "lake.toml"
_HEAD = "# Where this warehouse lies. Written by dateline; `dateline move` changes it.\n"


@dataclass(frozen=True)
class Location:
    """Where catalog and data lie; what is null lies in the warehouse's folder.

    Attributes:
        catalog: ``postgresql://user@host/database``.
        schema: of that database.
        data: ``s3://bucket/prefix``.
        endpoint: address of the store; null is Amazon's.
        path_style: whether the bucket is part of the path; null: with an endpoint it is.
    """

    catalog: str | None = None
    schema: str = "dateline"
    data: str | None = None
    endpoint: str | None = None
    region: str = "us-east-1"
    path_style: bool | None = None

    def __post_init__(self) -> None:
        if self.catalog is not None:
            check_address(self.catalog, self.schema)
        try:
            _ = self.place
        except StoreError as error:
            raise WarehouseError(str(error)) from error

    @property
    def elsewhere(self) -> bool:
        """Whether anything lies outside of the folder."""
        return self.catalog is not None or self.data is not None

    @property
    def place(self) -> Remote | None:
        """The folder on the store."""
        if self.data is None:
            return None
        style = self.endpoint is not None if self.path_style is None else self.path_style
        return to_place(self.data, Store(self.endpoint, self.region, style))

    def __str__(self) -> str:
        told = [what for what in (self.catalog, self.data) if what is not None]
        return " and ".join(told) or "its folder"


IN_FOLDER = Location()


def read_location(root: Path) -> Location | None:
    """What the folder says; null where it says nothing.

    Raises:
        WarehouseError: the file cannot be read.
    """
    path = root / FILE
    if not path.is_file():
        return None
    try:
        return Location(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise WarehouseError(
            f"{path} cannot be read: {error}. It says where the warehouse lies; restore it, or"
            " remove it where [store] of the configuration says the same"
        ) from error


def write_location(root: Path, location: Location) -> None:
    """Have the folder say where its warehouse lies, from one moment to the next."""
    path, part = root / FILE, root / f".{FILE}"
    if not location.elsewhere:
        path.unlink(missing_ok=True)
        return
    lines = [f"{k} = {json.dumps(v)}" for k, v in asdict(location).items() if v is not None]
    with part.open("w", encoding="utf-8") as handle:
        handle.write(_HEAD + "\n".join(lines) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


def choose_location(root: Path, wanted: Location | None) -> Location:
    """Where the warehouse of a folder lies: what the folder says, else what is wanted of a new one.

    Raises:
        WarehouseError: they differ.
    """
    said = read_location(root)
    if said is None and wanted is not None and wanted.elsewhere and _holds_one(root):
        said = IN_FOLDER
    if said is None:
        return wanted or IN_FOLDER
    if wanted is not None and wanted.elsewhere and wanted != said:
        raise WarehouseError(
            f"the warehouse {root} lies in {said}, and [store] of the configuration says {wanted}:"
            " correct the configuration, or move the warehouse with `dateline move`"
        )
    return said


def _holds_one(root: Path) -> bool:
    return (root / "catalog.sqlite").is_file()
