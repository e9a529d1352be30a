-- Articles in the shape of GDELT's Global Knowledge Graph 2.1, for people and tools that know it.
-- Counts are claims with their own clause's place; numbers keep their lower bound. Differences:
-- offsets are exact and of this warehouse's text, countries are ISO 3166-1 and places GeoNames ids,
-- percentages are among the amounts, the last part of a quotation is its speaker. What the pipeline
-- does not read (themes, tone, images) is null.
-- Example: counts and quotations
--     SELECT "V2DOCUMENTIDENTIFIER", "V2.1COUNTS", "V2.1QUOTATIONS" FROM gkg
--     WHERE "V2.1COUNTS" IS NOT NULL ORDER BY "V2.1DATE";
CREATE VIEW gkg AS
SELECT strftime(v.recorded_at, '%Y%m%d%H%M%S') || '-' || a.article_id AS "GKGRECORDID",
       CAST(strftime(coalesce(v.published_at, a.first_seen_at), '%Y%m%d%H%M%S') AS BIGINT)
           AS "V2.1DATE",
       1 AS "V2SOURCECOLLECTIONIDENTIFIER",
       coalesce(regexp_extract(a.canonical_url, '^https?://(?:www\.)?([^/:]+)', 1), a.source_id)
           AS "V2SOURCECOMMONNAME",
       coalesce(a.canonical_url, a.article_id) AS "V2DOCUMENTIDENTIFIER",
       (SELECT string_agg(concat_ws('#', g.kind, CAST(coalesce(c.value_low, c.value) AS BIGINT),
            coalesce(c.counted, ''),
            CASE WHEN p.geonames_id IS NULL THEN 0 WHEN p.precision = 'country' THEN 1
                 WHEN p.precision = 'admin1' THEN CASE p.country_code WHEN 'US' THEN 2 ELSE 5 END
                 WHEN p.country_code = 'US' THEN 3 ELSE 4 END,
            coalesce(c.place_name, ''), coalesce(c.country_code, ''),
            coalesce(p.country_code || p.admin1_code, ''), coalesce(p.latitude::VARCHAR, ''),
            coalesce(p.longitude::VARCHAR, ''), coalesce(c.geonames_id::VARCHAR, ''), c.start), ';'
            ORDER BY c.start)
        FROM claims c
        JOIN (VALUES ('killed', 'KILL'), ('wounded', 'WOUND'), ('kidnapped', 'KIDNAP'),
                     ('detained', 'ARREST'), ('captured', 'SEIZE'), ('protested', 'PROTEST'),
                     ('displaced', 'DISPLACED'), ('evacuated', 'EVACUATION'),
                     ('infected', 'SICKENED'), ('casualty', 'AFFECT'), ('missing', 'AFFECT'))
             g (happening, kind) ON g.happening = c.happening
        LEFT JOIN mentions p ON p.mention_id = c.place_mention_id AND p.article_id = c.article_id
        WHERE c.article_id = a.article_id AND coalesce(c.value_low, c.value) IS NOT NULL
          AND c.stance <> 'deny') AS "V2.1COUNTS",
       (SELECT string_agg(m.canonical_name || ',' || m.start, ';' ORDER BY m.start) FROM mentions m
        WHERE m.article_id = a.article_id AND m.type = 'PERSON') AS "V2ENHANCEDPERSONS",
       (SELECT string_agg(m.canonical_name || ',' || m.start, ';' ORDER BY m.start) FROM mentions m
        WHERE m.article_id = a.article_id AND m.type = 'ORG') AS "V2ENHANCEDORGANIZATIONS",
       (SELECT string_agg(concat_ws('#',
            CASE WHEN m.precision = 'country' THEN 1
                 WHEN m.precision = 'admin1' THEN CASE m.country_code WHEN 'US' THEN 2 ELSE 5 END
                 WHEN m.country_code = 'US' THEN 3 ELSE 4 END,
            m.canonical_name, coalesce(m.country_code, ''),
            coalesce(m.country_code || m.admin1_code, ''), '', coalesce(m.latitude::VARCHAR, ''),
            coalesce(m.longitude::VARCHAR, ''), m.geonames_id, m.start), ';' ORDER BY m.start)
        FROM mentions m WHERE m.article_id = a.article_id AND m.type = 'PLACE'
          AND m.geonames_id IS NOT NULL) AS "V2ENHANCEDLOCATIONS",
       (SELECT string_agg(concat_ws('#',
            CASE length(t.timex_value) WHEN 4 THEN 1 WHEN 7 THEN 2 ELSE 3 END,
            CASE WHEN length(t.timex_value) >= 7 THEN month(t.start_at) ELSE 0 END,
            CASE WHEN length(t.timex_value) >= 10 THEN day(t.start_at) ELSE 0 END,
            year(t.start_at), t.start), ';' ORDER BY t.start)
        FROM times t WHERE t.article_id = a.article_id AND t.start_at IS NOT NULL
          AND regexp_full_match(t.timex_value, '\d{4}(-\d\d(-\d\d.*)?)?')) AS "V2.1ENHANCEDDATES",
       (SELECT string_agg(concat_ws('|', q.start, q."end" - q.start, coalesce(q.cue, ''),
            replace(q.surface, '|', ' '), coalesce(q.speaker_name, q.speaker_surface, '')), '#'
            ORDER BY q.start)
        FROM quotes q WHERE q.article_id = a.article_id AND q.quote_type <> 'indirect')
           AS "V2.1QUOTATIONS",
       (SELECT string_agg(m.canonical_name || ',' || m.start, ';' ORDER BY m.start) FROM mentions m
        WHERE m.article_id = a.article_id) AS "V2.1ALLNAMES",
       (SELECT string_agg(concat_ws(',', coalesce(q.value, q.value_low)::VARCHAR,
            replace(concat_ws(' of ', q.unit, q.concept), ',', ' '), q.start), ';' ORDER BY q.start)
        FROM quantities q WHERE q.article_id = a.article_id
          AND coalesce(q.value, q.value_low) IS NOT NULL) AS "V2.1AMOUNTS",
       NULL::VARCHAR AS "V2ENHANCEDTHEMES", NULL::VARCHAR AS "V1.5TONE"
FROM articles a
JOIN article_versions v USING (article_id);
