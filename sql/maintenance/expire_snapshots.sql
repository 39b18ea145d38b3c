-- Lets go of a table's snapshots that are old enough, of the files that only they reach, and of files that nothing reaches.
-- grain: none
-- params: table identifier
vacuum {{table}}
