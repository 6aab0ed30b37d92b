"""A run on a cluster: its session, its worker, its steps, each committed to a folder of its own and checked there."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess

from pyspark import cloudpickle
from pyspark.errors import AnalysisException
from pyspark.sql import Observation
from pyspark.sql import functions as F

from . import pipe

# Executors need not have this package.
cloudpickle.register_pickle_by_value(pipe)


# So many rows go to the worker in a batch at most.
MOST = 10_000
# What the session calls that: it is its own again after each step.
BATCH = "spark.sql.execution.arrow.maxRecordsPerBatch"


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
        self.partitions = partitions or int(spark.conf.get("spark.sql.shuffle.partitions"))
        self.plans = plans
        self.folder = None
        self.batch = MOST
        # How many rows each table has.
        self.told = {}

    def ship(self):
        """Sends the worker to all executors."""
        if os.path.basename(self.worker) != pipe.WORKER:
            raise ValueError(f"the worker has to be called {pipe.WORKER}, and is {self.worker}")
        self.spark.addArtifact(self.worker, file=True)

    def begin(self, what, listing):
        """Chooses the folder of the run, by all that its result depends on."""
        told = json.dumps([what, self.contract, self.settings, sorted(listing)], sort_keys=True)
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
    def in_batches(self):
        """Spark looks when it runs a frame, not when it is made; of the steps in one frame the smallest batch holds for all."""
        before = self.spark.conf.get(BATCH)
        self.spark.conf.set(BATCH, str(self.batch))
        self.batch = MOST
        try:
            yield
        finally:
            self.spark.conf.set(BATCH, before)

    def grouped(self, frame, keys, order=()):
        """The rows with equal keys in one partition, one after the other."""
        return frame.repartition(self.partitions, *keys).sortWithinPartitions(*keys, *order)

    def step(self, name, make, unsummed=()):
        """Commits what a step makes, unless that was done, and reads it back. Row by row it has to be what was made."""
        path = f"{self.folder}/{name}"
        proof = self.proof(path)
        if proof is None:
            proof = self.commit(name, path, make(), unsummed)
            told = [F.lit(value).alias(key) for key, value in proof.items()]
            self.spark.range(0, 1, 1, 1).select(*told).write.mode("overwrite").json(f"{path}.proof")
        elif proof != self.read_back(path, self.sums(self.spark.read.parquet(path), unsummed)):
            raise SelfCheckError(f"{name}: what is in {path} is not what was committed; delete that folder, and run again")
        self.told[name] = int(proof["rows"])
        return self.spark.read.parquet(path)

    def publish(self, name, frame):
        """Writes a table for others to read, always anew, and reads it back."""
        path = f"{self.output}/{name}"
        self.told[name] = int(self.commit(name, path, frame, ())["rows"])
        return self.spark.read.parquet(path)

    def commit(self, name, path, frame, unsummed):
        """Writes a table, and tells what is in it: what was made."""
        self.explain(name, frame)
        sums = self.sums(frame, unsummed)
        told = Observation(name)
        with self.in_batches():
            frame.observe(told, *sums).write.mode("overwrite").parquet(path, compression="zstd")
        made = {key: str(value) for key, value in told.get.items()}
        found = self.read_back(path, sums)
        if made != found:
            raise SelfCheckError(f"{name}: {made} was made, and {found} is in {path}; delete that folder, and run again")
        return found

    @staticmethod
    def sums(frame, unsummed):
        """How many rows there are, and a sum of their hashes that is the same in any order."""
        columns = [column for column in frame.columns if column not in unsummed]
        return [
            F.count(F.lit(1)).alias("rows"),
            F.sum(F.xxhash64(*columns).cast("decimal(20,0)")).alias("sum"),
        ]

    def read_back(self, path, sums):
        found = self.spark.read.parquet(path).agg(*sums).collect()[0].asDict()
        return {key: str(value) for key, value in found.items()}

    def proof(self, path):
        """What was told of a step when it was committed."""
        try:
            rows = self.spark.read.schema("rows string, sum string").json(f"{path}.proof").collect()
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

    def demand(self, what, wrong):
        """Fails where there are rows that contradict what has to be."""
        rows = wrong.limit(3).collect()
        if rows:
            raise SelfCheckError(f"{what}; as in {rows}")

    def lines(self, frame, name):
        """Writes a column of lines as text, in order of the rows."""
        with self.in_batches():
            frame.write.mode("overwrite").option("lineSep", "\n").text(f"{self.output}/{name}")
