"""The quality report of a run: one HTML page that needs nothing beside itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from expectations.measure import ALL_SOURCES, figure
from expectations.rules import find_rule
from expectations.trends import measure_charts, run_charts
from warehouse.tables import SEVERITIES

EXAMPLES = 10
"""Rows shown for a rule that was broken."""

AROUND = 70
"""Characters of the text to either side of what a row points to."""

MOST_CHARTS = 60
"""Charts under one heading."""

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
        trends: values of measures over runs: started_at, table_name, expectation, source_id, value,
            low, high, success; oldest first.
        texts: article_id, version and text of what examples point to.
        stories: articles of the run that repeat another: relation, rows.
        balance: its row of ``run_balance``, none where it failed.
    """

    run: pd.DataFrame
    stages: pd.DataFrame
    sources: pd.DataFrame
    checks: pd.DataFrame
    quarantine: pd.DataFrame
    counts: pd.DataFrame
    history: pd.DataFrame
    failures: pd.DataFrame
    trends: pd.DataFrame = field(default_factory=pd.DataFrame)
    texts: pd.DataFrame = field(default_factory=pd.DataFrame)
    stories: pd.DataFrame = field(default_factory=pd.DataFrame)
    balance: pd.DataFrame = field(default_factory=pd.DataFrame)


def to_html(data: ReportData) -> str:
    """The page: verdict, what came in and was held back, broken rules, counts, times, history."""
    runs = to_records(data.run)
    run = runs[0] if runs else None
    checks = to_records(data.checks)
    held = to_records(data.quarantine)
    charts = run_charts(to_records(data.history))
    measures = measure_charts(to_records(data.trends))
    sources = [c for c in measures if c["about"] != ALL_SOURCES]
    shown = [
        ("All runs", charts),
        ("What strays", [c for c in measures if c["failing"]]),
        ("Volume, by source", [c for c in sources if c["title"].endswith(" volume")]),
        ("Freshness, by source", [c for c in sources if c["title"].endswith(" silence")]),
        ("All sources together", [c for c in measures if c["about"] == ALL_SOURCES]),
    ]
    shown = [(title, some[:MOST_CHARTS]) for title, some in shown if some]
    drawn = [chart for _, some in shown for chart in some]
    return _template().render(
        shown=shown,
        numbers={id(chart): number for number, chart in enumerate(drawn)},
        trends=to_script(drawn),
        scripts={name: _asset(name) for name in ("uplot.js", "report.js", "uplot.css")},
        accuracy=load_accuracy(run),
        stories=to_records(data.stories),
        balance=to_balance(data),
        run=run,
        verdict=to_verdict(run, checks),
        tone=_tone(run, checks),
        stages=_with_share(to_records(data.stages), "seconds"),
        sources=to_records(data.sources),
        broken=join_tables(broken_rules(data)),
        passed=_passed(checks),
        checks=len(checks),
        quarantine=held,
        reasons=Counter(str(row.get("reason")) for row in held).most_common(),
        counts=_with_share(to_records(data.counts), "rows"),
        failures=to_records(data.failures),
        failure_classes=Counter(
            str(row.get("error_class")) for row in to_records(data.failures)
        ).most_common(),
    )


def to_balance(data: ReportData) -> Record | None:
    """What became of all that came in: `parts`, words with counts, beside the row itself."""
    rows = to_records(data.balance)
    if not rows:
        return None
    row = rows[0]
    named = (("new", "new"), ("unchanged", "known and unchanged"), ("held", "held back"),
             ("failed", "could not be had"))  # fmt: skip
    parts = [(words, row[name]) for name, words in named if row[name]]
    return row | {"parts": parts + sorted(_parsed(row["reasons"]).items())}


def to_script(value: Any) -> Markup:
    """JSON that stands inside a script element: nothing in it can end that element."""
    text = json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


@cache
def _asset(name: str) -> Markup:
    """A script or style of ours, or of the charting library, to be put into the page."""
    return Markup((Path(__file__).parent / "charts" / name).read_text(encoding="utf-8"))


def load_accuracy(run: Record | None) -> list[Record]:
    """How right the extractors are on the project's own gold articles, and for which version.

    `current` says whether the run used that version.
    """
    path = Path(__file__).parent / "data" / "accuracy.tsv"
    lines = [x for x in path.read_text(encoding="utf-8").splitlines() if x and x[0] != "#"]
    names = lines[0].split("\t")
    rows: list[Record] = [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]
    used = _parsed((run or {}).get("extractors"))
    return [row | {"current": used.get(row["table"]) == row["version"]} for row in rows]


def broken_rules(data: ReportData) -> list[Record]:
    """The rules and measures that failed, the worst first, explained and with examples.

    One that fails for a source is shown with the source, and not once more for all of them.
    """
    checks = [c for c in to_records(data.checks) if not c.get("success")]
    told = {_name(c) for c in checks if c.get("source_id", ALL_SOURCES) != ALL_SOURCES}
    checks = [c for c in checks if c.get("source_id", ALL_SOURCES) != ALL_SOURCES
              or _name(c) not in told]  # fmt: skip
    held = to_records(data.quarantine)
    texts = {(t["article_id"], t["version"]): t["text"] for t in to_records(data.texts)}
    return [
        _explain(c, held, texts)
        for c in sorted(checks, key=lambda c: SEVERITIES.index(str(c.get("severity"))))
    ]


def join_tables(rules: Sequence[Record]) -> list[Record]:
    """The rules with one that several tables broke, of one source, told once for all of them.

    Mostly it has one cause: an article is held back, and so are its facts in every table.
    """
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for rule in rules:
        same = ("expectation", "description", "severity", "source_id")
        groups.setdefault(tuple(rule[name] for name in same), []).append(rule)
    return [_joined(group) for group in groups.values()]


def _joined(group: Sequence[Record]) -> Record:
    first = group[0]
    if len(group) == 1:
        return first
    tables = [str(rule["table_name"]) for rule in group]
    listed = ", ".join(f"'{table}'" for table in tables)
    return first | {
        "table_name": ", ".join(tables),
        "came": "; ".join(f"{rule['table_name']}: {rule['came']}" for rule in group),
        "sql": first["sql"].replace(f"= '{tables[0]}'", f"IN ({listed})"),
        "columns": next((r["columns"] for r in group if r["examples"]), first["columns"]),
        "examples": next((r["examples"] for r in group if r["examples"]), []),
    }


def _name(check: Record) -> tuple[Any, Any]:
    return check.get("table_name"), check.get("expectation")


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
    broken = len({_name(c) for c in checks if not c.get("success")
                  and c.get("severity") != "info"})  # fmt: skip
    kept = f"{_amount(held, 'row')} held back" if held else "nothing was held back"
    rules = f"{_amount(broken, 'rule')} broken" if broken else "every rule holds"
    return (
        f"{_trust(run, checks)}: {rows} published from {new}; {kept};"
        f" {rules}{_blamed(checks)}{_failed_fetches(run)}."
    )


def _blamed(checks: Sequence[Record]) -> str:
    """The sources that most warnings are about."""
    counts = Counter(
        str(c["source_id"]) for c in checks
        if not c.get("success") and c.get("severity") != "info"
        and c.get("source_id", ALL_SOURCES) != ALL_SOURCES
    )  # fmt: skip
    names = [name for name, _ in counts.most_common(3)]
    return f", mostly of {' and '.join(names)}" if names else ""


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


def _explain(
    result: Record, held: Sequence[Record], texts: Mapping[tuple[str, str], str]
) -> Record:
    """A broken rule with its hint, its query, and examples: rows held back, else observed ones."""
    table, rule_id = str(result.get("table_name")), str(result.get("expectation"))
    source = str(result.get("source_id", ALL_SOURCES))
    rule = find_rule(table, rule_id)
    rows = [
        row for row in held
        if row.get("table_name") == table and rule_id in (row["rules"] or ())
        and source in (ALL_SOURCES, row.get("source_id"))
    ]  # fmt: skip
    columns = rule.columns if rule else ()
    examples = [_example(row, columns, texts) for row in rows[:EXAMPLES]] or [
        _in_context(example, texts) for example in _observed(result)
    ]
    names = list(dict.fromkeys(name for example in examples for name in example))
    return result | {
        "source_id": source,
        "owner": result.get("owner") or "pipeline",
        "hint": result.get("hint") or (rule.hint if rule else None),
        "came": _came(result),
        "sql": _query(result, source, rows),
        "columns": names,
        "examples": [[_words(example.get(name)) for name in names] for example in examples],
    }


def _came(result: Record) -> str:
    """What came instead of what was expected."""
    if result.get("value") is None:
        failed, checked = result.get("rows_failed") or 0, result.get("rows_checked") or 0
        return f"{failed:,} of {checked:,} broke it"
    ends = [
        f"{word} {figure(result[end])}"
        for word, end in (("at least", "low"), ("at most", "high"))
        if result.get(end) is not None
    ]
    rests = f" after {result['days']:.0f} days" if result.get("days") else ""
    return f"{figure(result['value'])}, expected {' and '.join(ends)}{rests}"


def _query(result: Record, source: str, rows: Sequence[Record]) -> str:
    """The SQL that shows all of it."""
    table, rule_id = result.get("table_name"), result.get("expectation")
    about = "" if source == ALL_SOURCES else f" AND source_id = '{source}'"
    if rows:
        return (
            f"SELECT location, reason, row_json FROM quarantine WHERE table_name = '{table}'"
            f" AND list_contains(rules, '{rule_id}'){about};"
        )
    return (
        "SELECT started_at, source_id, success, rows_failed, value, low, high, observed"
        f" FROM check_history WHERE table_name = '{table}' AND expectation = '{rule_id}'{about};"
    )


def _example(row: Record, columns: Sequence[str], texts: Mapping[tuple[str, str], str]) -> Record:
    """A row held back: the columns the rule looked at, its words, and where it comes from."""
    content = _parsed(row.get("row_json"))
    shown = {c: content[c] for c in columns if c in content} or content
    told = _in_context(content, texts).get("in the text")
    where: Record = {"document": row.get("location") or row.get("article_id")}
    return shown | ({"in the text": told} if told else {}) | where


def _in_context(row: Record, texts: Mapping[tuple[str, str], str]) -> Record:
    """A row with the words around what it points to instead of the numbers that say where."""
    start, end = row.get("start"), row.get("end")
    text = texts.get((str(row.get("article_id")), str(row.get("version"))))
    if text is None or not isinstance(start, int) or not isinstance(end, int):
        return row
    around = f"{text[max(0, start - AROUND) : start]}\u27e6{text[start:end]}\u27e7"
    shown = {k: v for k, v in row.items() if k not in ("start", "end", "version", "article_id")}
    return shown | {"in the text": around + text[end : end + AROUND]}


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
    environment.filters.update(key=id, time=_time, number=_number, seconds=_seconds, memory=_memory)
    return environment.get_template("report.html.j2")
