"""What an analyst's Python does with PyAthena: connects, asks, pages, reads the catalogue. Prints what it saw as JSON."""

import json
import sys

from pyathena import connect
from pyathena.error import OperationalError

database = sys.argv[1]
connection = connect(
    schema_name=database,
    work_group="primary",
    s3_staging_dir="s3://lethe-lake/results/",
    poll_interval=0.1,
)
cursor = connection.cursor()


def rows(sql, parameters=None):
    return cursor.execute(sql, parameters).fetchall()


cursor.execute("insert into visits select i, 'u', timestamp '2026-01-01 00:00:00', 1.5, date '2026-01-01' from unnest(sequence(1, 2500)) t(i)")
typed = cursor.execute("select dt, \"timestamp\", cost, visit_id, user_id, null as nothing from visits where visit_id = 7")
seen = {
    "typed": [str(type(value).__name__) for value in typed.fetchone()],
    "columns": [column[0] for column in typed.description],
    "paged": len(rows("select visit_id from visits order by 1")),
    "parameters": rows("select count(*) from visits where visit_id <= %(most)s", {"most": 10})[0][0],
    "tables": [row[0] for row in rows("show tables")],
    "scanned": cursor.execute("select count(distinct user_id) from visits").data_scanned_in_bytes > 0,
    "metadata": [column.name for column in cursor.get_table_metadata("visits").columns],
}
try:
    rows("select nothing from visits")
except OperationalError as error:
    seen["error"] = str(error).split(":")[0]
print(json.dumps(seen))
