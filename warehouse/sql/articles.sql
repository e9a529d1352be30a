-- Articles with their source, story and current version: what most questions start from. The text is
-- not read unless a query asks for it.
-- Example: the newest headlines
--     SELECT published_at, source_id, headline FROM article_facts ORDER BY published_at DESC LIMIT 5;
CREATE VIEW article_facts AS
SELECT a.article_id, a.source_id, a.canonical_url, a.duplicate_cluster,
       coalesce(a.duplicate_cluster, a.article_id) AS story_id, v.version, v.headline,
       v.published_at, v.language, v.credits, v.authors, v.url, v.text
FROM articles a
JOIN article_versions v ON v.article_id = a.article_id;

-- The sentence, or any stretch, of an article's current text: offsets as the facts give them.
-- Example: the sentences that hold a percentage
--     SELECT surface, sentence_of(article_id, sentence_start, sentence_end) AS said_in
--     FROM quantities WHERE kind = 'percent' LIMIT 5;
CREATE MACRO sentence_of(article, first, last) AS (
    -- of two columns only: one of the others is called as the file of views is, dateline, and DuckDB
    -- takes one for the other
    SELECT substr(v.text, first + 1, last - first)
    FROM (SELECT article_id, text FROM article_versions) v WHERE v.article_id = article
);

-- Every version of every article, the newest first, with what the page admits and how much changed.
-- Example: articles that were changed after they were published
--     SELECT headline, change_ratio, recorded_at, superseded_at FROM article_history
--     WHERE versions > 1 ORDER BY article_id, recorded_at;
CREATE VIEW article_history AS
SELECT v.article_id, a.source_id, a.canonical_url, v.version, v.headline, v.published_at,
       v.modified_at, v.change_ratio, v.corrections, v.recorded_at, v.superseded_at,
       count(*) OVER (PARTITION BY v.article_id) AS versions, v.text
FROM lake.article_versions v
JOIN articles a USING (article_id);

-- What each source brought each day: articles, stories, those it was first with, and languages.
-- Days are those of publication, or of the first sight where that is unknown.
-- Example: the week by source
--     SELECT day, source_id, articles, stories, first_with FROM coverage ORDER BY day, source_id;
CREATE VIEW coverage AS
SELECT CAST(coalesce(v.published_at, a.first_seen_at) AS DATE) AS day, a.source_id,
       count(*) AS articles,
       count(DISTINCT coalesce(a.duplicate_cluster, a.article_id)) AS stories,
       count(*) FILTER (coalesce(a.duplicate_cluster, a.article_id) = a.article_id) AS first_with,
       count(*) FILTER (v.language = 'en') AS annotated,
       list(DISTINCT v.language ORDER BY v.language) FILTER (v.language IS NOT NULL) AS languages
FROM articles a
JOIN article_versions v USING (article_id)
GROUP BY ALL;
