-- The first of each kind that fit, and how many there are of it: a printed reference or a name that is the words asked
-- for comes first, then what has the words in its name, then what has them in its text.
SELECT id, kind, total FROM (
  SELECT entry.id, entry.kind,
    count(*) OVER (PARTITION BY entry.kind) AS total,
    row_number() OVER (
      PARTITION BY entry.kind
      ORDER BY (entry.ref = :asked OR entry.label = :asked COLLATE NOCASE) DESC,
        entry.id IN (SELECT rowid FROM found WHERE found MATCH :in_names) DESC,
        bm25(found, 20, 10, 8, 2, 1), entry.id
    ) AS place
  FROM found JOIN entry ON entry.id = found.rowid
  WHERE found MATCH :match AND (:kind = '' OR entry.kind = :kind) AND (:plan = '' OR entry.plan IN ('', :plan))
) WHERE place > :after AND place <= :until ORDER BY kind, place
