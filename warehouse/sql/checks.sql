-- Every result of every run with when that was: a rule or measure over time, for all sources ('*') and
-- for each. rate is the share of rows that broke a rule.
-- Example: how a measure went for each source
--     SELECT started_at, source_id, value, low, high, success
--     FROM check_history WHERE expectation = 'text_size';
CREATE VIEW check_history AS
SELECT r.started_at, c.*, c.rows_failed / nullif(c.rows_checked, 0) AS rate
FROM checks c
JOIN runs r USING (run_id)
ORDER BY c.table_name, c.expectation, c.source_id, r.started_at;

-- What became of all that came into each run, and what is missing: nothing, or adds_up is false. A
-- document is new, unchanged, held back, failed or left out (left_out says why); a fact row is
-- published or held back. Null where a run failed, published nothing and left all to the next, or
-- where an older version ran.
-- Example: what became of what came in, run by run
--     SELECT started_at, kind, items_in, new, unchanged, held, failed, left_out, missing, adds_up
--     FROM run_balance ORDER BY started_at;
CREATE VIEW run_balance AS
SELECT run_id, kind, started_at, state, items_in, articles_new AS new,
       articles_unchanged AS unchanged, articles_held AS held, items_failed AS failed,
       items_left_out AS left_out, r.left_out AS reasons,
       items_in - articles_new - articles_unchanged - articles_held - items_failed
           - items_left_out AS missing,
       rows_in, rows_out, rows_quarantined - articles_held AS rows_held,
       rows_in - rows_out - rows_held AS rows_missing,
       CASE WHEN state <> 'failed' THEN missing = 0 AND rows_missing = 0 END AS adds_up
FROM runs r;

-- What fails in the last run that was checked, and since when: the first run of the present series
-- of failures. A rule about one source has no result where no row of it broke it.
-- Example: what is wrong, and since when
--     SELECT table_name, expectation, source_id, rows_failed, failing_since, hint FROM failing_checks;
CREATE VIEW failing_checks AS
WITH ranked AS (
    SELECT run_id, started_at, row_number() OVER (ORDER BY started_at) AS number
    FROM runs WHERE run_id IN (SELECT run_id FROM checks)
), failed AS (
    SELECT c.*, k.started_at, k.number,
           k.number - row_number() OVER (
               PARTITION BY c.table_name, c.expectation, c.source_id ORDER BY k.number) AS series
    FROM checks c JOIN ranked k USING (run_id)
    WHERE NOT c.success
), since AS (
    SELECT table_name, expectation, source_id, min_by(run_id, number) AS first_run_id,
           min(started_at) AS failing_since, count(*) AS runs, max(number) AS number
    FROM failed GROUP BY table_name, expectation, source_id, series
)
SELECT f.table_name, f.expectation, f.source_id, f.severity, f.owner, f.description, f.hint,
       f.rows_checked, f.rows_failed, f.value, f.low, f.high, f.observed, f.run_id,
       s.first_run_id, s.failing_since, s.runs
FROM failed f
JOIN since s USING (table_name, expectation, source_id, number)
WHERE f.number = (SELECT max(number) FROM ranked)
ORDER BY list_position(['critical', 'warning', 'info'], f.severity), f.source_id <> '*',
         f.table_name, f.expectation, f.source_id;

-- Health of each source run by run: articles, their size and date, what was held back, and how many
-- of its rules and measures failed.
-- Example: the nights of a source
--     SELECT started_at, source_id, articles, text_size, held_share, failing FROM source_history;
CREATE VIEW source_history AS
SELECT r.started_at, c.run_id, c.source_id,
       max(c.value) FILTER (c.expectation = 'volume') AS articles,
       max(c.low) FILTER (c.expectation = 'volume') AS articles_low,
       max(c.high) FILTER (c.expectation = 'volume') AS articles_high,
       max(c.value) FILTER (c.expectation = 'silence') AS silent_hours,
       max(c.high) FILTER (c.expectation = 'silence') AS silent_hours_high,
       max(c.value) FILTER (c.expectation = 'text_size') AS text_size,
       max(c.value) FILTER (c.expectation = 'dated_share') AS dated_share,
       max(c.value) FILTER (c.expectation = 'held_share') AS held_share,
       max(c.value) FILTER (c.expectation = 'failed_share') AS failed_share,
       count(*) FILTER (NOT c.success AND c.severity <> 'info') AS failing
FROM checks c
JOIN runs r USING (run_id)
WHERE c.source_id <> '*'
GROUP BY ALL
ORDER BY c.source_id, r.started_at;
