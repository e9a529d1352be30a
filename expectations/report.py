"""The quality report of a run: one HTML page that needs nothing beside itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from expectations.rules import find_rule

EXAMPLES = 10
"""Rows shown for a rule that was broken."""

SHOWN = 300
"""Characters of an example."""

Record = dict[str, Any]


@dataclass(frozen=True)
class ReportData:
    """What the report shows; every frame may be empty.

    Attributes:
        run: the run, one row of ``runs``.
        stages: its ``run_stages``.
        sources: ``sources`` with what each gave in the run: fetches, failed, quarantined, articles.
        checks: its ``checks``.
        quarantine: rows held back and still open, newest first.
        counts: rows of each table now: table_name, rows.
        history: ``runs`` up to this one, oldest first.
        failures: its failed fetches: source_id, url, error_class, error.
    """

    run: pd.DataFrame
    stages: pd.DataFrame
    sources: pd.DataFrame
    checks: pd.DataFrame
    quarantine: pd.DataFrame
    counts: pd.DataFrame
    history: pd.DataFrame
    failures: pd.DataFrame


def to_html(data: ReportData) -> str:
    """The page: verdict, what came in and was held back, broken rules, counts, times, history."""
    runs = to_records(data.run)
    run = runs[0] if runs else None
    checks = to_records(data.checks)
    held = to_records(data.quarantine)
    return _template().render(
        run=run,
        verdict=to_verdict(run, checks),
        tone=_tone(run, checks),
        stages=_with_share(to_records(data.stages), "seconds"),
        sources=to_records(data.sources),
        broken=[_explain(c, held) for c in checks if not c.get("success")],
        passed=_passed(checks),
        checks=len(checks),
        quarantine=held,
        reasons=Counter(str(row.get("reason")) for row in held).most_common(),
        counts=_with_share(to_records(data.counts), "rows"),
        charts=[
            to_chart(to_records(data.history), "rows_out", "rows_quarantined"),
            to_chart(to_records(data.history), "articles_new", "fetch_failures"),
        ],
        failures=to_records(data.failures),
        failure_classes=Counter(
            str(row.get("error_class")) for row in to_records(data.failures)
        ).most_common(),
    )


def to_records(frame: pd.DataFrame) -> list[Record]:
    """The rows as dictionaries; whatever a frame writes for unknown is None."""
    columns = [str(name) for name in frame.columns]
    lists = [[_plain(v) for v in frame.iloc[:, at].tolist()] for at in range(len(columns))]
    return [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist") and not isinstance(value, pd.Timestamp):
        value = value.tolist()  # numpy's lists and numbers
    if isinstance(value, list):
        return value
    return None if pd.isna(value) else value


# --------------------------------------------------------------------------- the verdict


def to_verdict(run: Record | None, checks: Sequence[Record]) -> str:
    """How the run went, in one sentence."""
    if run is None:
        return "Nothing has run yet."
    state = run.get("state")
    if state == "failed":
        why = str(run.get("message") or "no reason was recorded").rstrip(".")
        return f"The run failed and published nothing: {why}."
    if state == "unchanged":
        known = _amount(run.get("articles_unchanged"), "known article")
        return f"Nothing new: {known} unchanged{_failed_fetches(run)}."
    rows = _amount(run.get("rows_out"), "fact")
    new = _amount(run.get("articles_new"), "new article version")
    held = int(run.get("rows_quarantined") or 0)
    broken = sum(not c.get("success") and c.get("severity") != "info" for c in checks)
    kept = f"{_amount(held, 'row')} held back" if held else "nothing was held back"
    rules = f"{_amount(broken, 'rule')} broken" if broken else "every rule holds"
    return (
        f"{_trust(run, checks)}: {rows} published from {new}; {kept};"
        f" {rules}{_failed_fetches(run)}."
    )


def _trust(run: Record, checks: Sequence[Record]) -> str:
    """Whether what a run published can be trusted.

    Rows that broke a critical rule were held back, so only warnings are a reason for care.
    """
    if any(not c.get("success") and c.get("severity") == "warning" for c in checks):
        return "Use this run's data with care"
    if _tone(run, checks) == "warn":
        return "What this run published can be trusted, but it is not all that came in"
    return "This run's data can be trusted"


def _failed_fetches(run: Record) -> str:
    failed = int(run.get("fetch_failures") or 0)
    return f"; {_amount(failed, 'fetch', 'fetches')} failed" if failed else ""


def _amount(number: Any, noun: str, plural: str | None = None) -> str:
    count = int(number or 0)
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _tone(run: Record | None, checks: Sequence[Record]) -> str:
    """Colour of the verdict: bad, warn or good."""
    if run is None:
        return "warn"
    if run.get("state") == "failed":
        return "bad"
    troubled = run.get("rows_quarantined") or run.get("fetch_failures")
    failing = any(not c.get("success") and c.get("severity") != "info" for c in checks)
    return "warn" if troubled or failing else "good"


# --------------------------------------------------------------------------- rules


def _explain(result: Record, held: Sequence[Record]) -> Record:
    """A broken rule with its hint and with examples: rows held back, else what was observed."""
    table, rule_id = str(result.get("table_name")), str(result.get("expectation"))
    rule = find_rule(table, rule_id)
    rows = [
        row for row in held if row.get("table_name") == table and rule_id in (row["rules"] or ())
    ]
    columns = rule.columns if rule else ()
    examples = [_example(row, columns) for row in rows[:EXAMPLES]] or _observed(result)
    names = list(dict.fromkeys(name for example in examples for name in example))
    return result | {
        "hint": rule.hint if rule else None,
        "columns": names,
        "examples": [[_words(example.get(name)) for name in names] for example in examples],
    }


def _example(row: Record, columns: Sequence[str]) -> Record:
    """A row held back: the columns the rule looked at, and where it comes from."""
    content = _parsed(row.get("row_json"))
    shown = {c: content[c] for c in columns if c in content} or content
    return shown | {"document": row.get("location") or row.get("article_id")}


def _observed(result: Record) -> list[Record]:
    """What the check saw: examples of rows, or what differs by column."""
    found = _parsed(result.get("observed"))
    examples = found.get("examples")
    if isinstance(examples, list):
        return [e if isinstance(e, dict) else {"observed": e} for e in examples[:EXAMPLES]]
    return [{"what": name, "observed": value} for name, value in found.items()]


def _parsed(text: Any) -> Record:
    """An object from JSON; anything else as the one value "observed"."""
    if not text:
        return {}
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = text
    return found if isinstance(found, dict) else {"observed": found}


def _words(value: Any) -> str:
    if value is None:
        return "unknown"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _passed(checks: Sequence[Record]) -> list[Record]:
    """Rules that hold, counted by table."""
    tables: dict[str, Record] = {}
    for check in checks:
        name = str(check.get("table_name"))
        row = tables.setdefault(name, {"table_name": name, "rules": 0, "passed": 0, "rows": 0})
        row["rules"] += 1
        row["passed"] += bool(check.get("success"))
        row["rows"] = max(row["rows"], int(check.get("rows_checked") or 0))
    return list(tables.values())


# --------------------------------------------------------------------------- pictures


def _with_share(rows: Sequence[Record], column: str) -> list[Record]:
    """The rows with the share, in percent, of the largest in `column`: the length of a bar."""
    most = max((float(r.get(column) or 0) for r in rows), default=0.0)
    return [
        dict(r) | {"share": round(100 * float(r.get(column) or 0) / most, 1) if most else 0.0}
        for r in rows
    ]


WIDTH, HEIGHT = 720, 110
"""Size of a chart of the history."""

COUNTED = {
    "rows_out": "facts published",
    "rows_quarantined": "rows held back",
    "articles_new": "new article versions",
    "fetch_failures": "failed fetches",
}


def to_chart(history: Sequence[Mapping[str, Any]], good: str, bad: str) -> Record | None:
    """A chart with a bar for each run, `bad` stacked on `good`; null without a run."""
    if not history:
        return None
    most = max(int(r.get(good) or 0) + int(r.get(bad) or 0) for r in history)
    step = min(WIDTH / len(history), 48)
    bars = []
    for at, run in enumerate(history):
        counts = [int(run.get(name) or 0) for name in (good, bad)]
        said = ", ".join(f"{n:,} {COUNTED[c]}" for n, c in zip(counts, (good, bad), strict=True))
        bars.append(
            {
                "x": round(at * step, 1),
                "width": round(step * 0.7, 1),
                "good": round(HEIGHT * counts[0] / (most or 1), 1),
                "bad": round(HEIGHT * counts[1] / (most or 1), 1),
                "state": run.get("state"),
                "title": f"{_time(run.get('started_at'))}: {run.get('state')}, {said}",
            }
        )
    return {
        "good": COUNTED[good],
        "bad": COUNTED[bad],
        "most": most,
        "bars": bars,
        "span": max(40, round(100 * len(history) * step / WIDTH)),
        "first": _time(history[0].get("started_at")),
        "last": _time(history[-1].get("started_at")),
    }


# --------------------------------------------------------------------------- the template


def _time(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else "unknown"


def _number(value: Any) -> str:
    return "–" if value is None else f"{int(value):,}"


def _seconds(value: Any) -> str:
    return "–" if value is None else f"{float(value):,.2f} s"


def _memory(value: Any) -> str:
    return "–" if value is None else f"{float(value) / 1e6:,.0f} MB"


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(time=_time, number=_number, seconds=_seconds, memory=_memory)
    environment.globals.update(width=WIDTH, height=HEIGHT)
    return environment.get_template("report.html.j2")
