"""Fixtures every test may use."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

# before anything imports Prefect or Great Expectations: no test writes to the user's home
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="dateline-prefect-")
os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "180"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["PREFECT_LOGGING_LEVEL"] = "WARNING"
os.environ["DO_NOT_TRACK"] = "1"
os.environ["GX_ANALYTICS_ENABLED"] = "false"

from pathlib import Path

import duckdb

from transforms.language.pipeline import SpacyPipeline, load_language
from warehouse import lake
from warehouse.views import views_key, write_views

# speed is measured in benchmarks/, and CI judges a change by the same examples every time
settings.register_profile("dateline", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("dateline")


@pytest.fixture(scope="session")
def language() -> SpacyPipeline:
    return load_language()


@pytest.fixture(scope="session", autouse=True)
def views() -> Iterator[None]:
    """The file of views, made once a session: it is the same in every new warehouse."""
    made: dict[str, bytes] = {}

    def write(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        key = views_key()
        if key in made:
            path.write_bytes(made[key])
        else:
            write_views(connection, path)
            made[key] = path.read_bytes()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lake, "write_views", write)
        yield
