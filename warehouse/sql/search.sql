-- Full text search over headlines and texts, the best first (BM25; a word in the headline weighs five
-- times one in the text). Words are stemmed and accents ignored; all must occur. "two words" is a
-- phrase, attack* a beginning, OR and NOT are what they say, NEAR(a b, 5) keeps words together. At
-- most 1000 articles; excerpt is the text around the first word.
-- Example: the bridge
--     SELECT rank, headline, excerpt FROM search('bridge OR ferry') LIMIT 5;
CREATE MACRO search(words) AS TABLE
SELECT row_number() OVER (ORDER BY CAST(f.score AS DOUBLE), f.article_id) AS rank, -CAST(f.score AS DOUBLE) AS score, v.headline,
       v.published_at, a.source_id, a.article_id, a.canonical_url,
       coalesce(a.duplicate_cluster, a.article_id) AS story_id,
       coalesce(nullif(regexp_extract(v.text, '(?is).{0,80}\b' || regexp_escape(left(word,
           greatest(3, length(word) - 3)::INTEGER)) || '.{0,100}'), ''), left(v.text, 180)) AS excerpt
FROM (SELECT regexp_extract(words, '[\pL\pN]+') AS word) w
CROSS JOIN sqlite_query('search',
    'SELECT d.article_id, d.version, bm25(texts, 5.0, 1.0) AS score FROM texts'
    || ' JOIN documents d ON d.id = texts.rowid WHERE texts MATCH '''
    || replace(words, '''', '''''') || ''' ORDER BY score LIMIT 1000') f
JOIN article_versions v ON v.article_id = f.article_id AND v.version = f.version
JOIN articles a ON a.article_id = f.article_id
ORDER BY rank;
