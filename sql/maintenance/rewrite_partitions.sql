-- Joins the small files of whole partitions of a table.
-- grain: none
-- params: table identifier, whole_partitions expression
optimize {{table}} rewrite data using bin_pack where {{whole_partitions}}
