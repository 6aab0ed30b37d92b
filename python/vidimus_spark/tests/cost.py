"""What a run cost, from the event log of Spark, and what that makes for more text and more cores.

    python cost.py EVENTS MEGABYTES

EVENTS is the folder of an event log that is not compressed. For all steps together: seconds of one core, bytes that were shuffled,
spilled and written. Then the same for 1 TB and 100 TB, in proportion to the text.
"""

import json
import os
import sys

CORES = (100, 1000)
TEXTS = (("1 TB", 1e12), ("100 TB", 1e14))


def events(folder):
    for below, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.startswith("events"):
                with open(os.path.join(below, name), encoding="utf-8") as file:
                    yield from map(json.loads, file)


def measured(folder):
    """Seconds, and bytes shuffled, spilled and written, of all tasks; and the seconds from the first job to the last."""
    sums = dict.fromkeys(("seconds", "shuffled", "spilled", "written"), 0.0)
    first, last = float("inf"), 0
    for event in events(folder):
        if event["Event"] == "SparkListenerJobStart":
            first = min(first, event["Submission Time"])
        elif event["Event"] == "SparkListenerJobEnd":
            last = max(last, event["Completion Time"])
        elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            metrics, info = event["Task Metrics"], event["Task Info"]
            sums["seconds"] += (info["Finish Time"] - info["Launch Time"]) / 1000
            sums["shuffled"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
            sums["spilled"] += metrics["Disk Bytes Spilled"]
            sums["written"] += metrics["Output Metrics"]["Bytes Written"]
    return sums, (last - first) / 1000


def size(count):
    for unit, power in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= power:
            return f"{count / power:,.1f} {unit}"
    return f"{count:,.0f} B"


def time(seconds):
    return f"{seconds / 3600:,.1f} h" if seconds >= 3600 else f"{seconds / 60:,.0f} min"


def main():
    folder, text = sys.argv[1], float(sys.argv[2]) * 1e6
    sums, wall = measured(folder)
    print(f"{size(text)} of text in {wall:,.0f} s; of one core {sums['seconds']:,.0f} s, {text / 1e6 / sums['seconds']:.2f} MB/s")
    for name in ("shuffled", "spilled", "written"):
        print(f"{name}: {size(sums[name])}, {sums[name] / text:.2f} bytes a byte of text")
    print("\n| text | shuffled | spilled | written | " + " | ".join(f"{cores:,} cores" for cores in CORES) + " |")
    print("|---|---|---|---|" + "---|" * len(CORES))
    for name, much in TEXTS:
        times = much / text
        row = [name, *(size(sums[kind] * times) for kind in ("shuffled", "spilled", "written"))]
        row += [time(sums["seconds"] * times / cores) for cores in CORES]
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
