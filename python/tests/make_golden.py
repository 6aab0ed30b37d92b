"""Makes the corpus that comes with the package: some texts of the generator, with what one machine finds in them.

    python make_golden.py VIDIMUS
"""

import os
import subprocess
import sys

import make_corpus

DATA = os.path.join(os.path.dirname(__file__), "..", "vidimus_spark", "data")


def main():
    lines = []
    for line in make_corpus.lines(1):
        lines.append(line)
        if sum(map(len, lines)) > 400_000:
            break
    # Some lines that are no records, a piece of a long text, and a class of equal texts are among them.
    with open(os.path.join(DATA, "texts.jsonl"), "w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)
    told = subprocess.run(
        [os.path.abspath(sys.argv[1]), "duplicates", "texts.jsonl", "--format", "jsonl"], cwd=DATA, capture_output=True, check=True
    )
    with open(os.path.join(DATA, "expected.jsonl"), "wb") as file:
        file.write(told.stdout)


if __name__ == "__main__":
    main()
