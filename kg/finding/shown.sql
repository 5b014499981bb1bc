-- What to show of one thing found: the words asked for stand between the marks.
SELECT entry.kind, entry.iri, entry.ref, entry.within, entry.within_label, entry.plan,
  highlight(found, 1, :on, :off) AS label,
  snippet(found, 2, :on, :off, '…', 24) AS names,
  snippet(found, 3, :on, :off, '…', 24) AS words,
  snippet(found, 4, :on, :off, '…', 24) AS inside
FROM found JOIN entry ON entry.id = found.rowid
WHERE found MATCH :match AND found.rowid = :id
