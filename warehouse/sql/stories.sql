-- One row a story: copies of a wire text count once. The agency is the one most of its articles are
-- credited to.
-- Example: stories that several outlets ran
--     SELECT headline, agency, outlets, copies, sources FROM stories WHERE copies > 1;
CREATE VIEW stories AS
SELECT coalesce(a.duplicate_cluster, a.article_id) AS story_id,
       min(v.published_at) AS published_at,
       arg_min(v.headline, v.published_at) AS headline,
       mode(d.agency ORDER BY d.agency) AS agency,
       count(*) AS copies,
       count(DISTINCT a.source_id) AS outlets,
       list(DISTINCT a.source_id ORDER BY a.source_id) AS sources
FROM articles a
JOIN article_versions v USING (article_id)
LEFT JOIN duplicates d ON d.article_id = a.article_id
GROUP BY ALL;

-- Articles that repeat another, each with the text that it is most like and how much.
-- Example: who repeats whom
--     SELECT relation, round(similarity, 2) AS similarity, source_id, matched_source_id, headline
--     FROM near_duplicates ORDER BY similarity DESC;
CREATE VIEW near_duplicates AS
SELECT d.cluster_id AS story_id, d.relation, d.similarity, d.containment, d.article_id,
       a.source_id, v.headline, v.published_at, d.agency,
       d.matched_article_id, m.source_id AS matched_source_id, w.headline AS matched_headline,
       w.published_at AS matched_published_at
FROM duplicates d
JOIN articles a USING (article_id)
JOIN article_versions v USING (article_id)
LEFT JOIN articles m ON m.article_id = d.matched_article_id
LEFT JOIN article_versions w ON w.article_id = d.matched_article_id
WHERE d.relation IN ('identical', 'near', 'part');
