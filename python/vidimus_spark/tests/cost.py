"""What a run cost, from the event log of Spark, and what that makes for more text and more cores.

    python cost.py EVENTS MEGABYTES

EVENTS is the folder of an event log that is not compressed. For each step and for all: seconds of one core, bytes that were
shuffled, spilled and written. Then the same for 1 TB and 100 TB, in proportion to the text.
"""

import json
import os
import re
import sys

CORES = (100, 1000)
TEXTS = (("1 TB", 1e12), ("100 TB", 1e14))


def events(folder):
    for below, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.startswith("events"):
                with open(os.path.join(below, name), encoding="utf-8") as file:
                    yield from map(json.loads, file)


# What Spark puts before the tag of a thread of a session.
TAG = re.compile(r"-thread-[0-9a-f-]{36}-([^,]+)")
KINDS = ("seconds", "shuffled", "spilled", "written")


def step_of(properties):
    """The step that a job belongs to, by its tag."""
    found = TAG.search((properties or {}).get("spark.job.tags", ""))
    return found.group(1) if found else "the rest"


def measured(folder):
    """For each step the seconds, and the bytes shuffled, spilled and written, of its tasks; and the seconds from the first job to the
    last."""
    steps, of_stage = {}, {}
    first, last = float("inf"), 0
    for event in events(folder):
        if event["Event"] == "SparkListenerJobStart":
            first = min(first, event["Submission Time"])
            step = step_of(event.get("Properties"))
            of_stage |= dict.fromkeys(event["Stage IDs"], step)
        elif event["Event"] == "SparkListenerJobEnd":
            last = max(last, event["Completion Time"])
        elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            metrics, info = event["Task Metrics"], event["Task Info"]
            sums = steps.setdefault(of_stage.get(event["Stage ID"], "the rest"), dict.fromkeys(KINDS, 0.0))
            sums["seconds"] += (info["Finish Time"] - info["Launch Time"]) / 1000
            sums["shuffled"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
            sums["spilled"] += metrics["Disk Bytes Spilled"]
            sums["written"] += metrics["Output Metrics"]["Bytes Written"]
    return steps, (last - first) / 1000


def size(count):
    for unit, power in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= power:
            return f"{count / power:,.1f} {unit}"
    return f"{count:,.0f} B"


def time(seconds):
    return f"{seconds / 3600:,.1f} h" if seconds >= 3600 else f"{seconds / 60:,.0f} min"


def main():
    folder, text = sys.argv[1], float(sys.argv[2]) * 1e6
    steps, wall = measured(folder)
    sums = {kind: sum(step[kind] for step in steps.values()) for kind in KINDS}
    print(f"{size(text)} of text in {wall:,.0f} s; of one core {sums['seconds']:,.0f} s, {text / 1e6 / sums['seconds']:.2f} MB/s")
    print("\n| step | seconds of a core | shuffled | for each byte of text | spilled | written |")
    print("|---|---|---|---|---|---|")
    for name, step in [*steps.items(), ("all", sums)]:
        row = [name, f"{step['seconds']:,.0f}", size(step["shuffled"]), f"{step['shuffled'] / text:.1f}"]
        print("| " + " | ".join([*row, size(step["spilled"]), size(step["written"])]) + " |")
    print("\n| text | shuffled | spilled | written | " + " | ".join(f"{cores:,} cores" for cores in CORES) + " |")
    print("|---|---|---|---|" + "---|" * len(CORES))
    for name, much in TEXTS:
        times = much / text
        row = [name, *(size(sums[kind] * times) for kind in ("shuffled", "spilled", "written"))]
        row += [time(sums["seconds"] * times / cores) for cores in CORES]
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
