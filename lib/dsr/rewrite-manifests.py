"""Writes the data manifests of one Iceberg table anew, so that entries of files that were taken out go from them.

Spark's own procedure leaves a table alone that has one data manifest, however many such entries are in it; Iceberg's
library below it rewrites whatever it is told to.
"""

import sys

from awsglue.utils import getResolvedOptions
from pyspark.java_gateway import ensure_callback_server_started
from pyspark.sql import SparkSession


class OneGroup:
    """A java.util.function.Function that puts all files into one group: Iceberg fills manifests group by group."""

    def apply(self, _file):
        return "all"

    class Java:
        implements = ["java.util.function.Function"]


options = getResolvedOptions(sys.argv, ["database", "table"])
spark = SparkSession.builder.getOrCreate()
ensure_callback_server_started(spark.sparkContext._gateway)
spark3_util = spark.sparkContext._jvm.org.apache.iceberg.spark.Spark3Util
table = spark3_util.loadIcebergTable(spark._jsparkSession, f"lake.{options['database']}.{options['table']}")
if table.currentSnapshot() is not None:
    table.rewriteManifests().clusterBy(OneGroup()).commit()
