-- Writes the files of days anew without what was deleted from them.
-- grain: none
-- params: table identifier, scope expression
optimize {{table}} rewrite data using bin_pack where {{scope}}
