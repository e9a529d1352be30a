-- Full text search over headlines and texts, the best first (BM25; a word in the headline weighs five
-- times one in the text). Words are stemmed and accents ignored; all must occur. "two words" is a
-- phrase, attack* a beginning, OR and NOT are what they say, NEAR(a b, 5) keeps words together. At
-- most 1000 articles; excerpt is the text around the first word, of the best 20: for more say
-- search('bridge', excerpts := 100), which reads as many texts.
-- Example: the bridge
--     SELECT rank, headline, excerpt FROM search('bridge OR ferry') LIMIT 5;
CREATE MACRO search(words, excerpts := 20) AS TABLE
WITH found AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY CAST(f.score AS DOUBLE), f.article_id) AS rank,
           -CAST(f.score AS DOUBLE) AS score, v.headline, v.published_at, a.source_id,
           a.article_id, a.canonical_url,
           coalesce(a.duplicate_cluster, a.article_id) AS story_id, v.run_id, v.version
    FROM sqlite_query('search',
        'SELECT d.article_id, d.version, bm25(texts, 5.0, 1.0) AS score FROM texts'
        || ' JOIN documents d ON d.id = texts.rowid WHERE texts MATCH '''
        || replace(words, '''', '''''') || ''' ORDER BY score LIMIT 1000') f
    JOIN article_versions v ON v.article_id = f.article_id AND v.version = f.version
    JOIN articles a ON a.article_id = f.article_id
),
-- the run leads to the few files that hold them, and LIMIT tells the planner that they are few
texts AS (
    SELECT v.article_id, v.text FROM article_versions v
    JOIN (SELECT run_id, article_id, version FROM found ORDER BY rank LIMIT excerpts)
        USING (run_id, article_id, version)
)
SELECT found.* EXCLUDE (run_id, version),
       coalesce(nullif(regexp_extract(text, '(?is).{0,80}\b' || regexp_escape(left(word,
           greatest(3, length(word) - 3)::INTEGER)) || '.{0,100}'), ''), left(text, 180)) AS excerpt
FROM (SELECT regexp_extract(words, '[\pL\pN]+') AS word) w
CROSS JOIN found LEFT JOIN texts USING (article_id)
ORDER BY rank;
