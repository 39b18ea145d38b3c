-- How a table lies on storage: its files and snapshots, the partitions outside of what is kept, and those worth rewriting.
-- grain: one row
-- params: name text, partitions identifier, partition expression, past expression, ahead expression, scattered expression, snapshots identifier, age_ends timestamp
select
  {{name}} as table_name,
  parts.file_count,
  parts.total_bytes,
  parts.most_files,
  parts.past_count,
  parts.ahead_count,
  parts.first_partition,
  parts.last_partition,
  parts.scattered,
  versions.snapshot_count,
  versions.old_snapshots
from (
  select
    coalesce(sum(file_count), 0) as file_count,
    coalesce(sum(total_size), 0) as total_bytes,
    coalesce(max(file_count), 0) as most_files,
    count(*) filter (where {{past}}) as past_count,
    count(*) filter (where {{ahead}}) as ahead_count,
    cast(min({{partition}}) as varchar) as first_partition,
    cast(max({{partition}}) as varchar) as last_partition,
    array_join(array_agg(cast({{partition}} as varchar)) filter (where {{scattered}}), ',') as scattered
  from {{partitions}}
) parts
cross join (
  select
    count(*) as snapshot_count,
    count(*) filter (where committed_at < {{age_ends}}) - case when max(committed_at) < {{age_ends}} then 1 else 0 end as old_snapshots
  from {{snapshots}}
) versions
