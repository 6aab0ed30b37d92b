"""A run on a cluster: its session, its worker, its steps, each committed to a folder of its own and checked there."""

import contextlib
import functools
import hashlib
import io
import json
import math
import os
import shutil
import subprocess

from pyspark import cloudpickle
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from . import pipe

# Executors need not have this package.
cloudpickle.register_pickle_by_value(pipe)


# So many rows go to the worker in a batch at most.
MOST = 10_000
# What the session calls that, and in how many parts to shuffle: both are its own again after each step.
BATCH = "spark.sql.execution.arrow.maxRecordsPerBatch"
PARTITIONS = "spark.sql.shuffle.partitions"
# A part has so many bytes of the input at least, where nobody says how many parts there are to be.
PART = 32 << 20
# Of texts no two are alike, so that a dictionary of them would be looked up in vain.
PARQUET = {"compression": "zstd", "parquet.enable.dictionary#part": "false", "parquet.enable.dictionary#digest": "false"}


class SelfCheckError(RuntimeError):
    """What was committed is not what was computed, or contradicts itself."""


def found(worker):
    """The path of the worker on this machine: a name without a folder is looked for as a shell does."""
    path = shutil.which(worker)
    if path is None:
        raise ValueError(f"there is no program {worker!r} here; name the worker by its path")
    return os.path.abspath(path)


class Job:
    """What the steps of a run share.

    `output` is a folder on any storage that Spark can write to. What a step gives is kept there, below a name that stands
    for the input, the settings and the version of the contract: a run that was broken off goes on where it was.
    """

    def __init__(self, spark, output, settings, worker=None, partitions=None, plans=None):
        self.spark = spark
        self.output = output.rstrip("/")
        self.settings = dict(settings)
        self.worker = found(worker or os.environ.get("VIDIMUS_WORKER") or pipe.WORKER)
        said = subprocess.run([self.worker, "contract"], check=True, capture_output=True, text=True).stdout
        self.contract = json.loads(said)
        self.partitions = partitions
        self.plans = plans
        self.folder = None
        self.batch = MOST
        # What was told of each table when it was committed.
        self.proofs = {}

    def ship(self):
        """Sends the worker to all executors."""
        if os.path.basename(self.worker) != pipe.WORKER:
            raise ValueError(f"the worker has to be called {pipe.WORKER}, and is {self.worker}")
        self.spark.addArtifact(self.worker, file=True)

    def begin(self, what, source):
        """Chooses the folder of the run, by all that its result depends on; and in how many parts to work, where nobody said."""
        listing, size = source.listing()
        most = int(self.spark.conf.get(PARTITIONS))
        self.partitions = self.partitions or max(1, min(most, math.ceil(size / PART)))
        told = json.dumps([what, self.contract, self.settings, listing], sort_keys=True)
        digest = hashlib.sha256(told.encode()).hexdigest()[:16]
        self.folder = f"{self.output}/steps/{what}-{digest}"

    def through(self, frame, step, batch=MOST, **more):
        """The rows of a frame, sent through a step of the worker, so many in a batch at most."""
        self.batch = min(self.batch, batch)
        columns = self.contract["steps"][step]
        takes = [column.split(" ")[0] for column in columns["takes"].split(", ")]
        settings = json.dumps({**self.settings, **more})
        function = pipe.through(step, settings, self.contract["contract"])
        return frame.select(*takes).mapInArrow(function, columns["gives"])

    @contextlib.contextmanager
    def running(self, name):
        """The settings of the session while a frame is run, which is when Spark looks at them, and a tag for its jobs. Of the steps
        in one frame the smallest batch holds for all."""
        settings = {BATCH: self.batch, PARTITIONS: self.partitions}
        before = {key: self.spark.conf.get(key) for key in settings}
        self.batch = MOST
        self.spark.addTag(name)
        try:
            for key, value in settings.items():
                self.spark.conf.set(key, str(value))
            yield
        finally:
            self.spark.removeTag(name)
            for key, value in before.items():
                self.spark.conf.set(key, value)

    def grouped(self, frame, keys, order=()):
        """The rows with equal keys in one partition, one after the other."""
        return frame.repartition(self.partitions, *keys).sortWithinPartitions(*keys, *order)

    def step(self, name, make, unsummed=(), **told):
        """Commits what a step makes, unless that was done, and reads it back. Row by row it has to be what was made.

        `told` are further sums over the rows, which are known from then on.
        """
        path = f"{self.folder}/{name}"
        frame = make()
        sums = self.sums(frame, unsummed, told)
        proof = self.proof(path, sums)
        if proof is None:
            proof = self.commit(name, path, frame, sums)
            values = [F.lit(value).alias(key) for key, value in proof.items()]
            self.spark.range(0, 1, 1, 1).select(*values).write.mode("overwrite").json(f"{path}.proof")
        elif proof != self.read_back(name, path, frame, sums):
            raise SelfCheckError(f"{name}: what is in {path} is not what was committed; delete that folder, and run again")
        self.batch = MOST
        self.proofs[name] = proof
        return self.reader(frame).parquet(path)

    def publish(self, name, frame):
        """Writes a table for others to read, always anew, and reads it back."""
        path = f"{self.output}/{name}"
        self.proofs[name] = self.commit(name, path, frame, self.sums(frame))
        return self.reader(frame).parquet(path)

    def told(self, name, what="rows"):
        """A sum over the rows of a table."""
        return int(self.proofs[name][what])

    def reader(self, frame):
        """Reads rows such as those of a frame: where their columns are known, Spark need not look for them first."""
        return self.spark.read.schema(frame.schema)

    def commit(self, name, path, frame, sums):
        """Writes a table, and tells what is in it: what was made."""
        self.explain(name, frame)
        with self.running(name):
            writer = frame.observe(observed := Observation(name), *sums.values()).write.mode("overwrite")
            writer.options(**PARQUET).parquet(path)
        made = values_of(observed)
        found = self.read_back(name, path, frame, sums)
        if made != found:
            raise SelfCheckError(f"{name}: {made} was made, and {found} is in {path}; delete that folder, and run again")
        return found

    def read_back(self, name, path, frame, sums):
        """The sums of what is in a folder, which has the columns of a frame. They are made on the way to nowhere, in one job."""
        observed = Observation(f"{name} again")
        rows = self.reader(frame).parquet(path).observe(observed, *sums.values())
        with self.running(name):
            rows.select(*frame.columns[:1]).write.mode("overwrite").format("noop").save()
        return values_of(observed)

    @staticmethod
    def sums(frame, unsummed=(), told=None):
        """How many rows there are, a sum of their hashes that is the same in any order, and what else is to be told."""
        columns = [column for column in frame.columns if column not in unsummed]
        sums = {"rows": F.count(F.lit(1)), "sum": F.sum(F.xxhash64(*columns).cast("decimal(20,0)")), **(told or {})}
        return {key: column.alias(key) for key, column in sums.items()}

    def proof(self, path, sums):
        """What was told of a step when it was committed."""
        columns = ", ".join(f"`{key}` string" for key in sums)
        try:
            rows = self.spark.read.schema(columns).json(f"{path}.proof").collect()
        except AnalysisException:
            return None
        return rows[0].asDict() if rows else None

    def explain(self, name, frame):
        """Keeps the plan of a step, where somebody wants to read it."""
        if self.plans:
            told = io.StringIO()
            with contextlib.redirect_stdout(told):
                frame.explain("formatted")
            os.makedirs(self.plans, exist_ok=True)
            with open(os.path.join(self.plans, f"{name}.txt"), "w") as file:
                file.write(told.getvalue())

    def demand(self, **wrong):
        """Fails where there are rows that contradict what has to be: what is wrong with them, and a frame of them."""
        frames = [
            frame.select(F.lit(what.replace("_", " ")).alias("what"), F.to_json(F.struct("*")).alias("row")).limit(3)
            for what, frame in wrong.items()
        ]
        with self.running("checks"):
            rows = functools.reduce(DataFrame.union, frames).collect()
        if rows:
            raise SelfCheckError("; ".join(f"{row.what}, as in {row.row}" for row in rows))

    def lines(self, frame, name):
        """Writes a column of lines as text, in order of the rows; gives how many there are."""
        observed = Observation(name)
        with self.running(name):
            written = frame.observe(observed, F.count(F.lit(1)).alias("lines")).write.mode("overwrite")
            written.option("lineSep", "\n").text(f"{self.output}/{name}")
        return observed.get["lines"]


def values_of(observed):
    """What was observed, as it is kept."""
    return {key: str(value) for key, value in observed.get.items()}
