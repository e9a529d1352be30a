"""Fixtures every test may use."""

from __future__ import annotations

import os
import tempfile

import pytest
from hypothesis import settings

# before anything imports Prefect or Great Expectations: no test writes to the user's home
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="dateline-prefect-")
os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "180"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["PREFECT_LOGGING_LEVEL"] = "WARNING"
os.environ["DO_NOT_TRACK"] = "1"
os.environ["GX_ANALYTICS_ENABLED"] = "false"

from transforms.language.pipeline import SpacyPipeline, load_language

# speed is measured in benchmarks/, and CI judges a change by the same examples every time
settings.register_profile("dateline", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("dateline")


@pytest.fixture(scope="session")
def language() -> SpacyPipeline:
    return load_language()
