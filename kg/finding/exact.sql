-- What has just these words as its printed reference or its name.
SELECT id FROM entry WHERE ref = :asked UNION SELECT id FROM entry WHERE label = :asked COLLATE NOCASE
