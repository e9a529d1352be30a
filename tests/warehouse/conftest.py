"""An empty warehouse, and one that a released version made."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tests.empty import put_empty
from warehouse.lake import Warehouse

RELEASED = Path(__file__).parent / "released"
"""A small warehouse of each released version: two nights, a copied story, a correction."""


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    made = Warehouse(tmp_path / "lake")
    put_empty(made)
    return made


def unpack(version: str, folder: Path) -> Warehouse:
    """The warehouse that a released version left, in `folder`."""
    with tarfile.open(RELEASED / f"{version}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return Warehouse(folder)
