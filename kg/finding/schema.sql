-- One row for each thing that can be found; `inside` holds the words of an action's steps, outcomes, statuses and leads.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  iri TEXT NOT NULL,
  ref TEXT NOT NULL,
  label TEXT NOT NULL,
  names TEXT NOT NULL DEFAULT '',
  within TEXT NOT NULL DEFAULT '',
  within_label TEXT NOT NULL DEFAULT '',
  plan TEXT NOT NULL DEFAULT '',
  words TEXT NOT NULL DEFAULT '',
  inside TEXT NOT NULL DEFAULT ''
);
CREATE TABLE kind (kind TEXT NOT NULL, first INTEGER NOT NULL);
CREATE TEMPORARY TABLE said (iri TEXT NOT NULL, words TEXT NOT NULL);
CREATE TEMPORARY TABLE above (iri TEXT NOT NULL, above TEXT NOT NULL);
CREATE VIRTUAL TABLE found USING fts5(
  ref, label, names, words, inside,
  content = 'entry', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
);
CREATE VIRTUAL TABLE word USING fts5vocab('found', 'row');
