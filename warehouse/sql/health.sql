-- How each source does, up to the newest run: when it last worked, what came of it, what failed, what
-- was held back, and how many days its last article is behind that run.
-- Example: sources that bring nothing, or break
--     SELECT source_id, articles, days_behind, failures, failed_fetches, quarantined, last_error
--     FROM source_health ORDER BY failures DESC, days_behind DESC NULLS FIRST;
CREATE VIEW source_health AS
WITH newest AS (SELECT max(started_at) AS at FROM runs),
got AS (
    SELECT a.source_id, count(*) AS articles, max(v.published_at) AS newest_article_at,
           max(a.first_seen_at) AS last_new_at
    FROM articles a JOIN article_versions v USING (article_id) GROUP BY a.source_id
),
asked AS (
    SELECT source_id, count(*) AS fetches,
           count(*) FILTER (error_class IS NOT NULL) AS failed_fetches,
           mode(error_class ORDER BY error_class) AS commonest_error
    FROM fetches GROUP BY source_id
),
held AS (
    SELECT source_id, count(*) AS quarantined FROM quarantine WHERE state = 'open' GROUP BY source_id
)
SELECT s.source_id, s.kind, s.location, s.last_success_at, s.failures, s.last_error, s.next_try_at,
       coalesce(g.articles, 0) AS articles, g.newest_article_at, g.last_new_at,
       date_diff('day', g.last_new_at, n.at) AS days_behind,
       coalesce(x.fetches, 0) AS fetches, coalesce(x.failed_fetches, 0) AS failed_fetches,
       x.commonest_error, coalesce(h.quarantined, 0) AS quarantined
FROM sources s
CROSS JOIN newest n
LEFT JOIN got g USING (source_id)
LEFT JOIN asked x USING (source_id)
LEFT JOIN held h USING (source_id);
