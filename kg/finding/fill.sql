-- From what was read: the words of each thing, what it belongs to, its plan; then everything is indexed.
CREATE INDEX temp.said_iri ON said (iri);
CREATE INDEX temp.above_iri ON above (iri);
CREATE INDEX entry_iri ON entry (iri);

UPDATE entry SET words = COALESCE((
  SELECT group_concat(words, ' · ') FROM
    (SELECT DISTINCT words FROM said WHERE said.iri = entry.iri AND said.words <> entry.label)), words);

-- A delivery priority is called 2/1, because its number begins again in each strategic priority.
UPDATE entry SET ref = upper.ref || '/' || entry.ref
FROM above JOIN entry AS upper ON upper.iri = above.above AND upper.kind = 'priority'
WHERE above.iri = entry.iri AND entry.kind = 'priority';

-- What stands in a step, a year or a measure belongs to the action.
UPDATE entry SET within = CASE WHEN holder.kind IN ('step', 'status', 'indicator') THEN upper.above ELSE above.above END
FROM above
LEFT JOIN entry AS holder ON holder.iri = above.above
LEFT JOIN above AS upper ON upper.iri = above.above
WHERE above.iri = entry.iri;

UPDATE entry SET within_label = trim(holder.ref || ' ' || holder.label)
FROM entry AS holder WHERE holder.iri = entry.within AND entry.within <> '';

UPDATE entry SET plan = COALESCE((
  WITH RECURSIVE up (iri) AS (
    SELECT above FROM above WHERE above.iri = entry.iri
    UNION SELECT above.above FROM above JOIN up ON above.iri = up.iri
  )
  SELECT up.iri FROM up JOIN entry AS top ON top.iri = up.iri AND top.kind = 'plan'), '')
WHERE within <> '';

CREATE INDEX entry_within ON entry (within);
UPDATE entry SET inside = COALESCE(
  (SELECT group_concat(part.label || ' ' || part.words, ' · ') FROM entry AS part WHERE part.within = entry.iri), '')
WHERE kind = 'action';
DROP INDEX entry_within;
DROP INDEX entry_iri;
CREATE INDEX entry_ref ON entry (ref);
CREATE INDEX entry_label ON entry (label COLLATE NOCASE);
CREATE INDEX entry_plan ON entry (plan);
-- Things of a kind stand together, so the number of a row tells its kind.
INSERT INTO kind SELECT kind, min(id) FROM entry GROUP BY kind;

INSERT INTO found (found) VALUES ('rebuild');
INSERT INTO found (found) VALUES ('optimize');
