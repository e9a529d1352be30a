"""Lineage events, held to the classes that the specification's own client generates from it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from openlineage.client import event_v2

from flows.lineage import emit, end_event, start_event
from flows.log import log_path, logged
from flows.run import Account
from flows.runs import read_log
from flows.settings import LineageSettings, Settings, SourceSettings
from warehouse.lake import Warehouse

NOW = datetime(2026, 3, 12, 2, tzinfo=UTC)
CHECKS = [
    {"table_name": "times", "expectation": "span", "description": "d", "severity": s, "success": ok}
    for s, ok in (("critical", True), ("warning", False))
]
FACETS = {
    "processing_engine": ("processing_engine_run", "ProcessingEngineRunFacet"),
    "nominalTime": ("nominal_time_run", "NominalTimeRunFacet"),
    "errorMessage": ("error_message_run", "ErrorMessageRunFacet"),
    "jobType": ("job_type_job", "JobTypeJobFacet"),
    "schema": ("schema_dataset", "SchemaDatasetFacet"),
    "version": ("dataset_version_dataset", "DatasetVersionDatasetFacet"),
    "dataQualityAssertions": (
        "data_quality_assertions_dataset",
        "DataQualityAssertionsDatasetFacet",
    ),
    "outputStatistics": ("output_statistics_output_dataset", "OutputStatisticsOutputDatasetFacet"),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        warehouse=tmp_path,
        sources=(
            SourceSettings(id="post", kind="feed", location="https://post.example/rss?key=1"),
            SourceSettings(id="desk", kind="files", location="/srv/desk"),
        ),
    )


def account(state: str) -> Account:
    return Account(
        "r1", NOW, state=state, message="the disk is full", snapshot=7, slice_from=NOW, slice_to=NOW
    )


def facets(found: dict[str, Any]) -> dict[str, Any]:
    """The facets as the reference client's objects; it refuses what the schema does not know."""
    made = {}
    for name, values in found.items():
        module, kind = FACETS[name]
        facet = getattr(import_module(f"openlineage.client.generated.{module}"), kind)
        given = {k: v for k, v in values.items() if not k.startswith("_")}
        made[name] = facet(**given)
        assert values["_schemaURL"] == facet._get_schema()
        assert values["_producer"].startswith("https://")
    return made


def validate(event: dict[str, Any]) -> event_v2.RunEvent:
    """The event as the reference client's object."""
    datasets = {
        name: [
            kind(
                **{k: v for k, v in d.items() if not k.lower().endswith("facets")},
                facets=facets(d["facets"]),
                **({k: facets(v) for k, v in d.items() if k == "outputFacets"}),
            )
            for d in event[name]
        ]
        for name, kind in (
            ("inputs", event_v2.InputDataset),
            ("outputs", event_v2.OutputDataset),
        )
    }
    assert event["schemaURL"] == event_v2.RunEvent._get_schema()
    rest = {k: v for k, v in event.items() if k != "schemaURL"} | datasets
    rest["eventType"] = event_v2.RunState(event["eventType"])
    rest["run"] = event_v2.Run(**(event["run"] | {"facets": facets(event["run"]["facets"])}))
    rest["job"] = event_v2.Job(**(event["job"] | {"facets": facets(event["job"]["facets"])}))
    return event_v2.RunEvent(**rest)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("published", "COMPLETE"),
        ("unchanged", "COMPLETE"),
        ("failed", "FAIL"),
        ("stopped", "ABORT"),
    ],
)
def test_events_are_of_the_specification(settings: Settings, state: str, kind: str) -> None:
    begun = start_event(account(state), settings, NOW)
    ended = end_event(account(state), settings, NOW, {"times": 3, "quotes": 0}, CHECKS)
    assert validate(begun).eventType is event_v2.RunState.START
    assert validate(ended).eventType is event_v2.RunState(kind)
    assert begun["run"]["runId"] == ended["run"]["runId"]
    # what stands behind a question mark may be a key
    assert begun["inputs"][0]["name"] == "https://post.example/rss"
    (table,) = ended["outputs"]
    assert table["outputFacets"]["outputStatistics"]["rowCount"] == 3
    said = table["facets"]["dataQualityAssertions"]["assertions"]
    assert [(a["success"], a["severity"]) for a in said] == [(True, "error"), (False, "warn")]
    assert ("errorMessage" in ended["run"]["facets"]) == (state == "failed")


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]], list[int]]]:
    """An address, what was sent to it, and the statuses that it answers."""
    sent: list[tuple[dict[str, str], bytes]] = []
    answers = [201]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append((dict(self.headers), body))
            self.send_response(answers[0])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api/v1/lineage", sent, answers
        server.shutdown()


def test_events_reach_the_file_and_the_endpoint(
    settings: Settings,
    tmp_path: Path,
    endpoint: tuple[str, list[tuple[dict[str, str], bytes]], list[int]],
) -> None:
    url, sent, _ = endpoint
    file = tmp_path / "told" / "lineage.jsonl"
    event = start_event(account("published"), settings, NOW)
    emit(event, LineageSettings(url=url, file=file, api_key="k"))
    ((headers, body),) = sent
    assert headers["Authorization"] == "Bearer k"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == json.loads(file.read_text()) == event


@pytest.mark.parametrize("answer", [503, None])
def test_a_run_does_not_fail_with_its_listener_and_says_what_was_not_told(
    settings: Settings,
    tmp_path: Path,
    endpoint: tuple[str, list[tuple[dict[str, str], bytes]], list[int]],
    answer: int | None,
) -> None:
    url, _, answers = endpoint
    if answer is None:
        url = "http://127.0.0.1:9/nobody"
    else:
        answers[0] = answer
    lake = Warehouse(tmp_path)
    event = start_event(replace(account("published")), settings, NOW)
    with logged(lake, "r1", to_terminal=False):
        emit(event, LineageSettings(url=url, file=tmp_path))  # a folder is no file either
    first, second = read_log(log_path(lake, "r1"), "warning")
    assert first["unsent"] == second["unsent"] == event
    assert url in second["message"]
