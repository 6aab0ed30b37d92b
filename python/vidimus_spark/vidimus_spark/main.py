"""The command: `spark-submit --py-files … main.py duplicates PATH --output PATH`, or `vidimus-spark` where it is installed."""

import argparse
import json
import sys

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

import vidimus_spark
from vidimus_spark.duplicates import AT_ONCE


def arguments():
    told = argparse.ArgumentParser(prog="vidimus-spark", description=vidimus_spark.__doc__.splitlines()[0])
    told.add_argument("command", choices=["duplicates", "check", "dry-run"])
    told.add_argument("path", nargs="?", help="a file or folder of JSON lines or Parquet, on any storage")
    told.add_argument("--output", required=True, help="a folder for reports and steps, on storage that all executors reach")
    told.add_argument("--worker", help="the program vidimus-worker, on this machine; it is sent to the executors")
    told.add_argument("--form", choices=["jsonl", "parquet"], help="what the files are, where their names do not say")
    told.add_argument("--text-field", default="text", metavar="FIELD")
    told.add_argument("--id-field", default="id", metavar="FIELD")
    told.add_argument("--partitions", type=int, metavar="N", help="in how many parts to work [spark.sql.shuffle.partitions, or one for 32 MiB of input]")
    told.add_argument("--similarity", type=float, default=0.7, metavar="X")
    told.add_argument("--min-words", type=int, default=12, metavar="N")
    told.add_argument("--profile", choices=["fast", "default", "thorough"], default="default")
    told.add_argument("--all", action="store_true", help="headings, refrains, quotations and references too")
    told.add_argument("--today", metavar="DAY", help="the day that checks call today, as 2026-03-01 [needed for check]")
    told.add_argument("--at-once", type=int, default=AT_ONCE, metavar="N", help="how many pairs one worker finds the components of")
    told.add_argument("--plans", metavar="DIR", help="where to keep the plan of each step, on this machine")
    return told


def run(spark, told):
    means = {
        "worker": told.worker,
        "partitions": told.partitions,
        "plans": told.plans,
    }
    if told.command == "dry-run":
        from vidimus_spark.golden import dry_run

        return dry_run(spark, told.output, at_once=told.at_once, **means)
    means |= {"form": told.form, "text_field": told.text_field, "id_field": told.id_field}
    if told.command == "check":
        return vidimus_spark.check(spark, told.path, told.output, today=told.today, **means)
    return vidimus_spark.duplicates(
        spark,
        told.path,
        told.output,
        similarity=told.similarity,
        min_words=told.min_words,
        profile=told.profile,
        all=told.all,
        at_once=told.at_once,
        **means,
    )


def main():
    parser = arguments()
    told = parser.parse_args()
    if told.command != "dry-run" and not told.path:
        parser.error("name a path")
    if told.command == "check" and not told.today:
        parser.error("check needs --today")
    spark = SparkSession.builder.appName(f"vidimus {told.command}").getOrCreate()
    try:
        print(json.dumps(run(spark, told)))
        return 0
    except (PySparkException, vidimus_spark.SelfCheckError, ValueError) as error:
        print(f"vidimus-spark: {error}", file=sys.stderr)
        return 2
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())
