-- How well each thing fits, lower is better: words in a reference, a name or a spelling weigh more than words in a text.
SELECT rowid AS id, bm25(found, 20, 10, 8, 2, 1) AS rank FROM found WHERE found MATCH :match
