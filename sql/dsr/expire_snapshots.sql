-- Lets go of snapshots that are old enough, and of the files that only they reach.
-- grain: none
-- params: table identifier
vacuum {{table}}
