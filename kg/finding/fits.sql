-- What has all the words, and whether its name alone has them.
SELECT rowid AS id, rowid IN (SELECT rowid FROM found WHERE found MATCH :in_names) AS named
FROM found
WHERE found MATCH :match
  AND (:plans = '[]' OR rowid IN (SELECT id FROM entry WHERE plan IN (SELECT value FROM json_each(:plans)) UNION ALL SELECT id FROM entry WHERE plan = ''))
