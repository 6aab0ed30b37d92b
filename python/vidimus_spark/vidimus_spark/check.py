"""What each text says of itself, checked on a cluster."""

from pyspark.sql import functions as F

from .job import Job
from .texts import Source, numbered, numbers


def check(
    spark,
    path,
    output,
    *,
    today,
    form=None,
    text_field="text",
    id_field="id",
    worker=None,
    partitions=None,
    plans=None,
):
    """Checks each text in `path` (JSON lines or Parquet) as `vidimus check -` checks one. `today` is a day such as 2026-03-01.

    Writes to `output`: `findings` (Parquet), `findings.jsonl` (a folder of lines: the name of the text, and the finding as `vidimus
    check --format jsonl` prints it), `left_out` (Parquet). Gives the counts.
    """
    settings = {"text_field": text_field, "id_field": id_field, "today": today}
    job = Job(spark, output, settings, worker, partitions, plans)
    job.ship()
    source = Source(spark, path, form, text_field, id_field)
    job.begin("check", source)
    read = job.step("findings", lambda: job.through(source.rows(), "check" + source.suffix, batch=512))
    lines = F.when(F.col("what") == "block", F.col("row")).otherwise(F.col("row") + 1)
    counted = read.groupBy("path", "block").agg(F.max(lines).alias("lines"))
    rows = numbered(read.where("what <> 'block'"), numbers(job, source, counted.collect()))
    rows = rows.drop("path").withColumnRenamed("shown", "path")
    findings = rows.where("what = 'finding'")
    twice = findings.groupBy("text", "number").count().where("count > 1")
    job.demand(a_finding_was_told_twice=twice)
    name = F.to_json(F.struct("path", "record", "id"))
    line = F.concat(F.lit('{"text":'), name, F.lit(',"finding":'), F.col("finding"), F.lit("}"))
    job.lines(findings.orderBy("text", "number").select(line.alias("value")), "findings.jsonl")
    job.publish("findings", findings.select("path", "record", "id", "rule", "severity", "finding"))
    job.publish("left_out", rows.where("what = 'left out'").select("path", "record", "why"))
    told = {row["what"]: row["count"] for row in rows.groupBy("what").count().collect()}
    return {
        "texts": told.get("text", 0),
        "findings": told.get("finding", 0),
        "left_out": told.get("left out", 0),
    }
