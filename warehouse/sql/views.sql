-- Facts joined with their article: what most questions start from.

CREATE VIEW memory.main.article_facts AS
SELECT a.article_id, a.source_id, a.canonical_url, a.duplicate_cluster, v.version, v.headline,
       v.published_at, v.language, v.credits
FROM articles a
JOIN article_versions v ON v.article_id = a.article_id;

-- Where a value was read: its sentence, article and run.
CREATE MACRO memory.main.sentence_of(article, first, last) AS (
    SELECT substr(text, first + 1, last - first) FROM article_versions WHERE article_id = article
);
