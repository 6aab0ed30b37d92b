"""The result of a cluster is that of one machine, whatever is lost on the way; and where it cannot be, the job fails and says why.

    python faults.py VIDIMUS WORKER SCRATCH [RUN …]

Starts a master and two workers, and compares byte for byte what they give with what `vidimus duplicates` gives:

A  nothing is lost; then the job is submitted once more, and no step is made a second time
B  an executor is killed while a worker of its first stage is held; the same texts in Parquet, components by rounds of stars
C  an executor is killed after it has written map output that is still to be read
D  an executor is killed together with its worker
E  the worker always fails: the job does, and says why
F  the worker's stream breaks off: the job fails, and says why
G  each text is checked as `vidimus check -` checks it
H  the dry run on the corpus that comes with the package
I  a corpus without a line
"""

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

import make_corpus
import vidimus_spark.main
from cluster import EXECUTOR, STARTED, Cluster, ancestor, cross_joins, lines, wait_for

# A run that takes longer hangs, in seconds.
LIMIT = int(os.environ.get("VIDIMUS_TEST_LIMIT", "600"))
MEGABYTES = int(os.environ.get("VIDIMUS_TEST_MEGABYTES", "30"))


class Runs:
    """The runs on one cluster."""

    def __init__(self, vidimus, worker, scratch):
        self.vidimus = os.path.abspath(vidimus)
        self.worker = os.path.abspath(worker)
        self.scratch = os.path.abspath(scratch)
        self.corpus = os.path.join(self.scratch, "corpus")
        self.cluster = None

    def make(self):
        """The corpus, and what one machine makes of it."""
        if not os.path.isdir(self.corpus):
            make_corpus.make(MEGABYTES, self.corpus)
        began = time.monotonic()
        self.expected = self.alone(self.corpus)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = f"{len(self.expected)} lines in {time.monotonic() - began:.1f} s"
        print(f"one machine: {told}, {used.ru_utime + used.ru_stime:.1f} s of processors", flush=True)
        if len(self.expected) < 1000:
            raise AssertionError("the corpus has too little that stands twice")

    def alone(self, path):
        told = subprocess.run(
            [self.vidimus, "duplicates", path, "--format", "jsonl", "--threads", "2"],
            capture_output=True,
            check=True,
        )
        return told.stdout.splitlines()

    def submit(self, name, command, path, worker=None, more=(), again=False, **conf):
        """Starts a job, or the same again; gives its process, its output and its log."""
        output = os.path.join(self.scratch, f"out-{name}")
        if not again:
            shutil.rmtree(output, ignore_errors=True)
        log = os.path.join(self.scratch, f"driver-{name}.log")
        events = os.path.join(self.scratch, f"events-{name}")
        os.makedirs(events, exist_ok=True)
        settings = {
            "spark.executor.memory": "1g",
            # As if the executors were on two machines: else one reads what the other has left on the disk.
            "spark.shuffle.readHostLocalDisk": "false",
            # So many parts that each executor has some.
            "spark.sql.files.maxPartitionBytes": f"{MEGABYTES * 120}k",
            "spark.sql.files.openCostInBytes": f"{MEGABYTES * 30}k",
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": f"file:{events}",
            **conf,
        }
        words = [vidimus_spark.main.__file__, command, *([path] if path else []), "--output", output, "--partitions", "6", *more]
        words += ["--worker", worker or self.worker, "--plans", os.path.join(self.scratch, f"plans-{name}")]
        process = self.cluster.submit(settings, words, log)
        return process, output, log

    def finish(self, name, process, log, code=0):
        """Waits for the end of a job, which has to be this."""
        try:
            found = process.wait(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"run {name} did not end within {LIMIT} s; see {log}") from None
        with open(log, errors="replace") as file:
            told = file.read()
        if found != code:
            raise AssertionError(f"run {name} ended with {found} and not {code}; see {log}:\n{told[-3000:]}")
        return told

    def compare(self, name, output, expected):
        found = [line for kind in ("pairs", "groups") for line in lines(f"{output}/{kind}.jsonl")]
        if sorted(found) == sorted(expected) and found != expected:
            at = next(at for at, pair in enumerate(zip(found, expected)) if pair[0] != pair[1])
            raise AssertionError(f"run {name}: the lines are right and not their order; line {at + 1} is\n{found[at].decode()}")
        if found != expected:
            missing, more = set(expected) - set(found), set(found) - set(expected)
            first = [line.decode() for line in [*sorted(missing)[:2], *sorted(more)[:2]]]
            raise AssertionError(
                f"run {name}: {len(found)} lines and not {len(expected)}; {len(missing)} are missing, {len(more)} are "
                "too many, as\n" + "\n".join(first)
            )

    def run(self, name):
        began = time.monotonic()
        getattr(self, f"run_{name.lower()}")()
        print(f"run {name}: as it has to be, in {time.monotonic() - began:.1f} s", flush=True)

    def run_a(self):
        process, output, log = self.submit("A", "duplicates", self.corpus)
        self.finish("A", process, log)
        self.compare("A", output, self.expected)
        self.read_plans("A")
        made = steps(output)
        process, output, log = self.submit("A", "duplicates", self.corpus, again=True)
        self.finish("A", process, log)
        self.compare("A", output, self.expected)
        if not made or steps(output) != made:
            raise AssertionError("run A: a step that was committed was made again")

    def read_plans(self, name):
        """No plan has a cross join, and each step that joins has one by keys."""
        folder = os.path.join(self.scratch, f"plans-{name}")
        told = {}
        for plan in sorted(os.listdir(folder)):
            with open(os.path.join(folder, plan)) as file:
                told[plan] = file.read()
        if not any("Join" in plan for plan in told.values()) or not any("MapInArrow" in plan for plan in told.values()):
            raise AssertionError("the plans tell of no join or of no worker")
        for plan, word in cross_joins(folder):
            raise AssertionError(f"the plan {plan} has a {word}")

    def hold(self, name, step, path, more=()):
        """Starts a job whose first worker of a step is held; gives the number of the worker too."""
        told = subprocess.run([self.worker, "contract"], capture_output=True, check=True).stdout
        if not json.loads(told)["hold"]:
            raise AssertionError(f"run {name} needs a worker that can be held: build it with `--features vidimus-worker/hold`")
        folder = os.path.join(self.scratch, f"hold-{name}")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        open(os.path.join(folder, step), "w").close()
        job = self.submit(name, "duplicates", path, more=more, **{"spark.executorEnv.VIDIMUS_TEST_HOLD": folder})
        reached = os.path.join(folder, "reached")
        try:
            wait_for(f"the worker of {step}", lambda: os.path.exists(reached) or job[0].poll() is not None, LIMIT)
        finally:
            self.go = lambda: open(os.path.join(folder, "go"), "w").close()
        with open(reached) as file:
            return job, int(file.read())

    def survive(self, name, job, expected):
        """The job goes on without what was killed, and its result is the same."""
        self.go()
        process, output, log = job
        told = self.finish(name, process, log)
        lost = re.search(r"Lost executor \d+ on [^:]*", told)
        if not lost:
            raise AssertionError(f"run {name}: no executor was lost; see {log}")
        print(f"run {name}: {lost.group()}", flush=True)
        self.compare(name, output, expected)
        self.read_plans(name)
        return told

    def run_b(self):
        job, held = self.hold("B", "read-rows", self.parquet(), ["--form", "parquet", "--at-once", "0"])
        os.kill(ancestor(held, EXECUTOR), signal.SIGKILL)
        root = self.corpus.encode()
        expected = [
            line.replace(root, root + b"-rows").replace(b'.jsonl","start"', b'.parquet","start"')
            for line in self.expected
        ]
        self.survive("B", job, expected)

    def parquet(self):
        """The corpus as rows, a row for each line."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema = pa.schema([("id", pa.string()), ("text", pa.string())])
        folder = f"{self.corpus}-rows"
        os.makedirs(folder, exist_ok=True)
        for name in os.listdir(self.corpus):
            with open(os.path.join(self.corpus, name), encoding="utf-8", newline="\n") as file:
                records = [record_of(line) or {} for line in file]
            ids = [str(record["id"]) if "id" in record else None for record in records]
            table = pa.table({"id": ids, "text": [record.get("text") for record in records]}, schema=schema)
            path = os.path.join(folder, name.replace(".jsonl", ".parquet"))
            pq.write_table(table, path, row_group_size=300, compression="zstd")
        return folder

    def run_c(self):
        job, held = self.hold("C", "gather", self.corpus)
        # The other executor: what it has written is still wanted by the worker that is held.
        own = ancestor(held, EXECUTOR)
        others = [executor for executor in self.cluster.executors() if executor != own]
        os.kill(others[0], signal.SIGKILL)
        wait_for("the loss", lambda: "Lost executor" in open(job[2], errors="replace").read(), STARTED)
        told = self.survive("C", job, self.expected)
        if "Resubmitted" not in told and "FetchFailed" not in told and "Resubmitting" not in told:
            raise AssertionError("run C: no map output was written again")

    def run_d(self):
        job, held = self.hold("D", "compare", self.corpus)
        lost = self.cluster.kill_worker_of(ancestor(held, EXECUTOR))
        self.survive("D", job, self.expected)
        self.cluster.start_worker(lost)

    def fake(self, name, script):
        """A worker that knows the contract, and is otherwise a script."""
        folder = os.path.join(self.scratch, f"fake-{name}")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "vidimus-worker")
        with open(path, "w") as file:
            file.write(f'#!/bin/sh\nreal="{self.worker}"\n[ "$1" = contract ] && exec "$real" contract\n{script}\n')
        os.chmod(path, 0o755)
        return path

    def fail(self, name, worker, words):
        """The job fails and says why, and nothing is committed."""
        process, output, log = self.submit(name, "duplicates", self.corpus, worker)
        told = self.finish(name, process, log, code=2)
        for word in words:
            if word not in told:
                raise AssertionError(f"run {name}: the log does not say `{word}`; see {log}")
        left = [file for _, _, files in os.walk(output) for file in files if file == "_SUCCESS"]
        if left or os.path.exists(f"{output}/pairs.jsonl"):
            raise AssertionError(f"run {name}: something was committed in {output}")

    def run_e(self):
        worker = self.fake("E", 'echo "the lamp is out" >&2\nexit 3')
        self.fail("E", worker, ["vidimus-worker read failed", "exit code 3", "the lamp is out"])

    def run_f(self):
        worker = self.fake("F", '"$real" "$@" | head -c 100000')
        self.fail("F", worker, ["vidimus-worker read failed", "breaks off"])

    def few(self, name):
        """Some records of the corpus in one file."""
        folder = os.path.join(self.scratch, name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        with open(os.path.join(self.corpus, "shard 001.jsonl"), encoding="utf-8", newline="\n") as file:
            told = [line for _, line in zip(range(150), file)]
        with open(os.path.join(folder, "few.jsonl"), "w", encoding="utf-8", newline="\n") as file:
            file.writelines(told)
        return os.path.join(folder, "few.jsonl"), told

    def run_g(self):
        path, told = self.few("few")
        process, output, log = self.submit("G", "check", path, more=["--today", "2026-03-01"])
        self.finish("G", process, log)
        expected = []
        for number, line in enumerate(told, 1):
            record = record_of(line)
            if record is None:
                continue
            name = {"path": path, "record": number}
            if "id" in record:
                name["id"] = str(record["id"])
            for finding in self.checked(record["text"]):
                text = json.dumps(name, separators=(",", ":"), ensure_ascii=False)
                expected.append(f'{{"text":{text},"finding":{finding}}}'.encode())
        found = lines(f"{output}/findings.jsonl")
        if found != expected or not expected:
            differ = [pair for pair in zip(found, expected) if pair[0] != pair[1]][:1]
            raise AssertionError(f"check: {len(found)} findings and not {len(expected)}; {differ}")

    def run_i(self):
        path = os.path.join(self.scratch, "bare")
        os.makedirs(path, exist_ok=True)
        with open(os.path.join(path, "none.jsonl"), "w") as file:
            file.write("\n\n")
        process, output, log = self.submit("I", "duplicates", path)
        self.finish("I", process, log)
        self.compare("I", output, [])

    def checked(self, text):
        told = subprocess.run(
            [self.vidimus, "check", "-", "--format", "jsonl", "--isolated", "--today", "2026-03-01"],
            input=text.encode(),
            capture_output=True,
        )
        if told.returncode not in (0, 1):
            raise AssertionError(told.stderr.decode())
        return told.stdout.decode().splitlines()

    def run_h(self):
        process, _, log = self.submit("H", "dry-run", None)
        told = self.finish("H", process, log)
        if '"golden": "as on one machine"' not in told:
            raise AssertionError(f"run H: the dry run does not say that it gives the same; see {log}")


def record_of(line):
    """The record of a line, where it is one with a text."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record.get("text"), str) else None


def steps(output):
    """When each step was committed."""
    marks = (os.path.join(folder, "_SUCCESS") for folder, _, names in os.walk(f"{output}/steps") if "_SUCCESS" in names)
    return {mark: os.stat(mark).st_mtime_ns for mark in marks}


def main():
    runs = Runs(*sys.argv[1:4])
    os.makedirs(runs.scratch, exist_ok=True)
    runs.make()
    # Whoever ends the test ends the cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    runs.cluster = Cluster(os.path.join(runs.scratch, "cluster"))
    try:
        for name in sys.argv[4:] or "ABCDEFGHI":
            runs.run(name)
    finally:
        runs.cluster.stop()


if __name__ == "__main__":
    main()
