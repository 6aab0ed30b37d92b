#!/usr/bin/env python3
"""Time `duplicates` on a cluster of Spark against one process on the same texts, in turn: seconds of the clock and of processors.

  cargo build --release --package vidimus --package vidimus-worker --features vidimus-worker/hold && python/vidimus_spark/test A
  target/spark-venv/bin/python benches/spark.py [--megabytes 1000] [--runs 1]

Both have two cores: one process with `--threads 2`; a master and two workers of one core, as processes on this machine. The texts are
those of `python/vidimus_spark/tests/make_corpus.py`. What both give is compared line by line, in order, and no plan may have a cross join.
With `--events` the event log of the last run stays in the folder, for `python/vidimus_spark/tests/cost.py`.
"""
import argparse, os, resource, shutil, signal, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.join(HERE, "..", "python", "vidimus_spark")
sys.path[:0] = [PACKAGE, os.path.join(PACKAGE, "tests")]

os.environ["PYTHONPATH"] = PACKAGE

import make_corpus
import vidimus_spark.main
from cluster import Cluster, cross_joins, lines

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--runs", type=int, default=1)
ap.add_argument("--megabytes", type=int, default=1000)
ap.add_argument("--folder", default="/tmp/vidimus-bench-spark")
ap.add_argument("--bin", default="target/release/vidimus")
ap.add_argument("--worker", default="target/release/vidimus-worker")
ap.add_argument("--memory", default="2g", help="of Java, for each executor")
ap.add_argument("--events", action="store_true", help="keep an event log, which takes some time")
ap.add_argument("--conf", action="append", default=[], metavar="KEY=VALUE", help="a further setting of Spark")
A = ap.parse_args()
CORPUS = os.path.join(A.folder, f"corpus-{A.megabytes}")
TICKS = os.sysconf("SC_CLK_TCK")


def spent(processes):
    """Seconds of processors of these processes, and of those below them that have ended."""
    total = 0
    for process in processes:
        with open(f"/proc/{process}/stat") as file:
            total += sum(map(int, file.read().rsplit(")", 1)[1].split()[11:15]))
    return total / TICKS


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def alone():
    """One process: seconds of the clock, of processors, and what it prints."""
    began, used = time.monotonic(), children()
    words = [A.bin, "duplicates", CORPUS, "--format", "jsonl", "--threads", "2"]
    told = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    return time.monotonic() - began, children() - used, told.splitlines()


def together(cluster):
    """The cluster: the same."""
    output, events, plans = (os.path.join(A.folder, name) for name in ("output", "events", "plans"))
    for folder in (output, events, plans):
        shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(events)
    conf = {
        "spark.executor.memory": A.memory,
        "spark.eventLog.enabled": str(A.events).lower(),
        "spark.eventLog.dir": f"file:{events}",
        **dict(one.split("=", 1) for one in A.conf),
    }
    words = [vidimus_spark.main.__file__, "duplicates", CORPUS, "--output", output, "--plans", plans, "--worker", A.worker]
    workers = [cluster.processes[name].pid for name in cluster.workers]
    began, used = time.monotonic(), spent(workers) + children()
    process = cluster.submit(conf, words, os.path.join(A.folder, "driver.log"))
    try:
        code = process.wait()
    finally:
        process.kill()
    if code != 0:
        sys.exit(f"the job failed; see {A.folder}/driver.log")
    wall = time.monotonic() - began
    # The executors end a moment after the job, and only then are counted.
    while cluster.executors():
        time.sleep(0.1)
    used = spent(workers) + children() - used
    for plan, word in cross_joins(plans):
        sys.exit(f"the plan {plan} has a {word}")
    return wall, used, [line for kind in ("pairs", "groups") for line in lines(f"{output}/{kind}.jsonl")]


def main():
    if not os.path.isdir(CORPUS):
        make_corpus.make(A.megabytes, f"{CORPUS}-half")
        os.rename(f"{CORPUS}-half", CORPUS)
    # Whoever ends the race ends the cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    shutil.rmtree(os.path.join(A.folder, "cluster"), ignore_errors=True)
    cluster = Cluster(os.path.join(A.folder, "cluster"), memory="6g")
    ratios = []
    try:
        for run in range(A.runs):
            load = os.getloadavg()[0]
            (one, one_used, expected), (many, many_used, found) = alone(), together(cluster)
            same = "the same lines in the same order" if found == expected else "OTHER LINES"
            ratios.append((many / one, many_used / one_used))
            print(
                f"{A.megabytes} MB, load {load:.1f}: one process {one:.1f} s ({one_used:.1f} s of processors), Spark {many:.1f} s "
                f"({many_used:.1f} s); {many / one:.2f} times the time, {many_used / one_used:.2f} times the processors; {same}",
                flush=True,
            )
    finally:
        cluster.stop()
    time_ratio, used_ratio = (statistics.median(column) for column in zip(*ratios))
    print(f"medians: {time_ratio:.2f} times the time, {used_ratio:.2f} times the processors")


if __name__ == "__main__":
    main()
