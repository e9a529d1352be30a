"""Great Expectations' own pages, its Data Docs, of the rows of a run.

Written for people who know them from elsewhere; the quality report says more. Everything that Great
Expectations keeps, suites, results and the site, lies below one folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import great_expectations as gx
import pandas as pd

from expectations.ask import quiet, to_expectation
from expectations.check import find_evidence
from expectations.rule import verdict_column
from expectations.rules import rules_of
from warehouse.tables import BY_NAME

_INDEX = Path("gx/uncommitted/data_docs/local_site/index.html")


def write_data_docs(frames: Mapping[str, pd.DataFrame], as_of: datetime, folder: Path) -> Path:
    """Check the rows and write the pages below `folder`; the path of the first page.

    Args:
        frames: by table, rows of the declared columns, article versions among them.
        as_of: when the rows were fetched, with a time zone.
        folder: is made, or its pages are made anew.
    """
    context = gx.get_context(mode="file", project_root_dir=folder)
    quiet(context)
    source = context.data_sources.add_or_update_pandas("warehouse")
    evidence = find_evidence(frames, None, as_of)
    for name, frame in frames.items():
        judging = evidence.of(BY_NAME[name])
        rules = [r for r in rules_of(name) if judging.has(r.needs)]
        rows = frame.reset_index(drop=True)
        verdicts = {
            verdict_column(r.id): r.holds(rows, judging).reset_index(drop=True)
            for r in rules
            if r.holds is not None
        }
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("run")
        suite = context.suites.add_or_update(
            gx.ExpectationSuite(
                name=name,
                # the columns that predicates add are no columns of the table
                expectations=[
                    to_expectation(r, described=True) for r in rules if r.id != "declared_columns"
                ],
            )
        )
        checked = context.validation_definitions.add_or_update(
            gx.ValidationDefinition(name=name, data=batch, suite=suite)
        )
        checked.run(
            batch_parameters={"dataframe": rows.assign(**verdicts)}, result_format="SUMMARY"
        )
    context.build_data_docs()
    return folder / _INDEX
