"""Stands in for the one function that a job takes from Glue's own library, which is no package that can be installed."""

import argparse


def getResolvedOptions(args, names):
    """The values of `--name value` arguments by name; others, which Glue adds, are passed over."""
    parser = argparse.ArgumentParser()
    for name in names:
        parser.add_argument(f"--{name}", required=True)
    known, _ = parser.parse_known_args(args[1:])
    return vars(known)
