"""The report for chat and machines: Markdown and JSON of what the page says first."""

from __future__ import annotations

import json
from typing import Any

from expectations.report import EXAMPLES, Record, ReportData, broken_rules, to_records, to_verdict


def to_json(data: ReportData) -> str:
    """Verdict, run, sources, failing rules and measures with examples, what is held back."""
    run = next(iter(to_records(data.run)), None)
    checks = to_records(data.checks)
    found = {
        "verdict": to_verdict(run, checks),
        "run": run,
        "sources": to_records(data.sources),
        "failing": [_slim(rule) for rule in broken_rules(data)],
        "quarantine": [
            {k: row.get(k) for k in ("quarantine_id", "table_name", "source_id", "location",
                                     "rules", "reason")}
            for row in to_records(data.quarantine)
        ],
        "tables": {row["table_name"]: row["rows"] for row in to_records(data.counts)},
        "stages": to_records(data.stages),
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"


def _slim(rule: Record) -> dict[str, Any]:
    names = ("table_name", "expectation", "source_id", "severity", "owner", "description", "hint",
             "rows_checked", "rows_failed", "value", "low", "high", "sql")  # fmt: skip
    examples = [dict(zip(rule["columns"], row, strict=True)) for row in rule["examples"]]
    return {name: rule.get(name) for name in names} | {"examples": examples[:EXAMPLES]}


def to_markdown(data: ReportData) -> str:
    """The verdict, failing rules with owner and hint, and a table of the sources."""
    run = next(iter(to_records(data.run)), None)
    lines = [f"**{to_verdict(run, to_records(data.checks))}**", ""]
    if run is not None:
        lines += [f"Run `{run['run_id']}`, {run['state']}.", ""]
        if run.get("forced_by"):
            lines += [
                f"Published against the gate by {run['forced_by']}, because:"
                f" {run['forced_because']}. {run['message'] or ''}",
                "",
            ]
    for rule in broken_rules(data):
        where = "" if rule["source_id"] == "*" else f" of **{rule['source_id']}**"
        lines.append(
            f"- {rule['severity']}: {rule['description']} (`{rule['table_name']}."
            f"{rule['expectation']}`{where}: {rule['came']}) {rule['owner']}: {rule['hint'] or ''}"
        )
    rows = to_records(data.sources)
    if rows:
        lines += ["", "| source | articles | fetches | failed | held back |",
                  "|---|---:|---:|---:|---:|"]  # fmt: skip
        lines += [
            f"| {r['source_id']} | {r['articles']} | {r['fetches']} | {r['failed']} |"
            f" {r['quarantined']} |"
            for r in rows
        ]
    return "\n".join(lines) + "\n"
