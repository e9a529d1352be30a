"""OpenLineage: what a run read and wrote, told to whoever keeps track of data.

Each run gives a START event and one of COMPLETE, ABORT (stopped on request) and FAIL, by version
2-0-2 of the specification at openlineage.io: inputs are the sources, outputs the tables with their
schema, the rows written, the snapshot as their version and what the expectations found.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import httpx

from flows.log import say
from flows.run import Account
from flows.settings import LineageSettings, Settings, SourceSettings
from warehouse.lake import Warehouse, connect
from warehouse.tables import BY_NAME

PRODUCER = "https://github.com/dateline-news/dateline"
_SPEC = "https://openlineage.io/spec"
_EVENT = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_ENDS = {"failed": "FAIL", "stopped": "ABORT"}
TIMEOUT = 10.0
ATTEMPTS = 3

Event = dict[str, Any]


def run_uuid(run_id: str) -> str:
    """The run's id as the UUID that the specification asks for; the same every time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{PRODUCER}/runs/{run_id}"))


def start_event(account: Account, settings: Settings, now: datetime) -> Event:
    """The event that a run has begun."""
    return _event("START", account, settings, now)


def end_event(
    account: Account,
    settings: Settings,
    now: datetime,
    rows: Mapping[str, int],
    checks: Sequence[Mapping[str, Any]],
) -> Event:
    """The event that a run has ended.

    Args:
        rows: rows written, by table.
        checks: rows of the table `checks` of this run.
    """
    event = _event(_ENDS.get(account.state, "COMPLETE"), account, settings, now)
    by_table: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for check in checks:
        by_table[check["table_name"]].append(check)
    names = sorted(name for name, count in rows.items() if count or name in by_table)
    event["outputs"] = [
        _table(name, rows[name], by_table[name], account, settings) for name in names
    ]
    if account.state == "failed":
        event["run"]["facets"]["errorMessage"] = _facet(
            "1-0-1", "ErrorMessageRunFacet",
            message=account.message or "it ended without a message", programmingLanguage="PYTHON",
        )  # fmt: skip
    return event


def _event(kind: str, account: Account, settings: Settings, now: datetime) -> Event:
    facets = {
        "processing_engine": _facet(
            "1-1-1", "ProcessingEngineRunFacet", name="dateline", version=version("dateline")
        )
    }
    if account.slice_from and account.slice_to:
        facets["nominalTime"] = _facet(
            "1-0-1", "NominalTimeRunFacet",
            nominalStartTime=_time(account.slice_from), nominalEndTime=_time(account.slice_to),
        )  # fmt: skip
    return {
        "eventType": kind,
        "eventTime": _time(now),
        "producer": PRODUCER,
        "schemaURL": _EVENT,
        "run": {"runId": run_uuid(account.run_id), "facets": facets},
        "job": {
            "namespace": settings.lineage.namespace,
            "name": account.kind,
            "facets": {
                "jobType": _facet(
                    "2-0-4", "JobTypeJobFacet",
                    processingType="BATCH", integration="DATELINE", jobType="RUN",
                )
            },
        },
        "inputs": [_source(source) for source in settings.sources],
        "outputs": [],
    }  # fmt: skip


def _source(source: SourceSettings) -> Event:
    """A source as a dataset, named as the specification names files and addresses."""
    parts = urlsplit(source.location)
    if parts.scheme in ("http", "https"):
        address = parts._replace(query="", fragment="").geturl()
        return {"namespace": f"{parts.scheme}://{parts.netloc}", "name": address, "facets": {}}
    return {"namespace": "file", "name": source.location, "facets": {}}


def _table(
    name: str,
    rows: int,
    checks: Sequence[Mapping[str, Any]],
    account: Account,
    settings: Settings,
) -> Event:
    table = BY_NAME[name]
    facets = {
        "schema": _facet(
            "1-2-0", "SchemaDatasetFacet",
            fields=[
                {
                    "name": c.name, "type": c.type, "description": c.description,
                    "ordinal_position": number,
                }
                for number, c in enumerate(table.published, 1)
            ],
        ),
        "version": _facet(
            "1-0-1", "DatasetVersionDatasetFacet", datasetVersion=str(account.snapshot)
        ),
    }  # fmt: skip
    if checks:
        facets["dataQualityAssertions"] = _facet(
            "1-1-0", "DataQualityAssertionsDatasetFacet",
            assertions=[
                {
                    "assertion": c["expectation"], "success": bool(c["success"]),
                    "description": c["description"],
                    "severity": "error" if c["severity"] == "critical" else "warn",
                }
                for c in checks
            ],
        )  # fmt: skip
    return {
        "namespace": f"{settings.lineage.namespace}:{settings.lake.root}",
        "name": f"lake.{name}",
        "facets": facets,
        "outputFacets": {
            "outputStatistics": _facet("1-0-2", "OutputStatisticsOutputDatasetFacet", rowCount=rows)
        },
    }


def _facet(of: str, facet: str, /, **values: Any) -> Event:
    url = f"{_SPEC}/facets/{of}/{facet}.json#/$defs/{facet}"
    return {"_producer": PRODUCER, "_schemaURL": url} | values


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --------------------------------------------------------------------------- sending


def emit(event: Event, lineage: LineageSettings) -> None:
    """Add an event to the configured file and send it to the configured address.

    A run does not fail with whoever listens to it: what could not be told is in the run's log.
    """
    line = json.dumps(event, ensure_ascii=False)
    if lineage.file is not None:
        try:
            lineage.file.parent.mkdir(parents=True, exist_ok=True)
            with lineage.file.open("a", encoding="utf-8") as handle:
                handle.write(line + "\n")
        except OSError as error:
            _unsent(event, lineage.file, error)
    if lineage.url is not None:
        headers = {"Content-Type": "application/json"}
        if lineage.api_key:
            headers["Authorization"] = f"Bearer {lineage.api_key}"
        transport = httpx.HTTPTransport(retries=ATTEMPTS - 1)
        try:
            with httpx.Client(transport=transport, timeout=TIMEOUT) as client:
                client.post(lineage.url, content=line, headers=headers).raise_for_status()
        except httpx.HTTPError as error:
            _unsent(event, lineage.url, error)


def _unsent(event: Event, where: object, error: Exception) -> None:
    say(
        "lineage", f"the {event['eventType']} event did not reach {where}: {error}",
        level=logging.WARNING, unsent=event,
    )  # fmt: skip


def read_checks(warehouse: Warehouse, run_id: str) -> list[dict[str, Any]]:
    """The results of a run's expectations."""
    with connect(warehouse) as connection:
        result = connection.execute(
            "SELECT table_name, expectation, description, severity, success FROM checks"
            " WHERE run_id = ? ORDER BY ALL",
            [run_id],
        )
        names = [d[0] for d in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
