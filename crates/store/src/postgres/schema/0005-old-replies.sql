-- Replies are named by their clients, so that their names say nothing of their age.
CREATE INDEX CONCURRENTLY rows_of_replies ON rows (created) WHERE kind = 'replay'
