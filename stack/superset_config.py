"""Superset for tests on this machine: one process, its own small database, no cache, so that every answer is asked for."""

import os

SECRET_KEY = os.environ["LETHE_SUPERSET_SECRET"]
SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.path.join(os.environ["SUPERSET_HOME"], "superset.db") + "?timeout=30"
# 6.1.0 asks Athena with the schema as the catalog.
DATASET_AUTO_DETECT_DATETIME_FORMATS = False
# It answers on 127.0.0.1 without TLS.
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
# A host of its own would be asked for pictures of who is logged in.
SLACK_ENABLE_AVATARS = False
LOG_LEVEL = "WARNING"
