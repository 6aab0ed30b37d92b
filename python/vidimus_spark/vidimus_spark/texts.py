"""Where texts come from, and how they are numbered: by path, and by line within a file, as on one machine."""

import os
from urllib.parse import unquote

import pyarrow as pa
from pyspark.sql import functions as F


def is_lines(path):
    """Whether a path is one of JSON lines; else it is Parquet."""
    return not any(path.rstrip("/").endswith(ending) for ending in (".parquet", ".parq"))


class Source:
    """Texts in JSON lines or in Parquet, below one path."""

    def __init__(self, spark, path, form, text_field, id_field):
        self.spark = spark
        self.path = path
        self.form = form or ("jsonl" if is_lines(path) else "parquet")
        self.fields = (text_field, id_field)

    @property
    def suffix(self):
        """The ending of the steps that take this form."""
        return "" if self.form == "jsonl" else "-rows"

    def rows(self):
        """Lines with the file and the block that they were read from; or rows with their number in the file."""
        if self.form == "jsonl":
            read = self.spark.read.option("lineSep", "\n").option("recursiveFileLookup", "true").text(self.path)
            return read.select(
                F.col("_metadata.file_path").alias("path"),
                F.col("_metadata.file_block_start").alias("block"),
                F.col("value").cast("binary").alias("line"),
            )
        text, name = self.fields
        read = self.spark.read.option("recursiveFileLookup", "true").parquet(self.path)
        missing = [field for field in [text] if field not in read.columns]
        if missing:
            raise ValueError(f"there is no column {missing[0]!r} in {self.path}; there are {', '.join(map(repr, read.columns))}")
        if dict(read.dtypes)[text] != "string":
            raise ValueError(f"the column {text!r} of {self.path} is {dict(read.dtypes)[text]!r} and not string")
        return read.select(
            F.col("_metadata.file_path").alias("path"),
            F.col("_metadata.row_index").alias("row"),
            (F.col(name).cast("string") if name in read.columns else F.lit(None).cast("string")).alias("id"),
            F.col(text).alias("text"),
        )

    def listing(self):
        """The files, each with its size and time, which a result depends on; and the bytes of all."""
        read = self.spark.read.option("recursiveFileLookup", "true").format("binaryFile").load(self.path)
        found = read.select("path", "length", "modificationTime").collect()
        if not found:
            raise ValueError(f"there is no file in {self.path}, or none that is not empty")
        return sorted(f"{row.path} {row.length} {row.modificationTime}" for row in found), sum(row.length for row in found)

    def shown(self, path):
        """A path as it was named, where it is below a local one; else as Spark gives it."""
        path = unquote(path)
        root = "file:" + os.path.abspath(self.path)
        for prefix in (root, root.replace("file:", "file://")):
            if path == prefix or path.startswith(prefix.rstrip("/") + "/"):
                return self.path.rstrip("/") + path[len(prefix.rstrip("/")) :]
        return path


def numbers(job, source, counted):
    """The number of the first text and of the first line of each block, of which each row of `counted` has the lines."""
    blocks = [(source.shown(row.path), row.block, row.path, row.lines) for row in counted]
    blocks.sort(key=lambda block: (block[0].encode(), block[1]))
    texts, lines, told, last = 0, 0, [], None
    for shown, block, path, count in blocks:
        lines = lines if path == last else 0
        told.append((path, block, shown, texts, lines))
        texts, lines, last = texts + count, lines + count, path
    columns = [("path", pa.string()), ("block", pa.int64()), ("shown", pa.string())]
    columns += [("first_text", pa.int64()), ("first_line", pa.int64())]
    rows = [dict(zip(dict(columns), row)) for row in told]
    # A table of Arrow is part of the plan, where a list would be made a job.
    table = pa.Table.from_pylist(rows, schema=pa.schema(columns))
    return job.spark.createDataFrame(table)


def numbered(rows, blocks):
    """Rows with the numbers of their texts and of their lines."""
    joined = rows.join(F.broadcast(blocks), ["path", "block"])
    return joined.withColumn("text", F.col("first_text") + F.col("row")).withColumn(
        "record", F.col("first_line") + F.col("row") + 1
    )
