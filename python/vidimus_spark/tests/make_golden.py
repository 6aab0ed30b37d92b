"""Makes the corpus that comes with the package: texts of the generator, with what one machine finds in them.

    python make_golden.py VIDIMUS
"""

import json
import os
import subprocess
import sys

import make_corpus

DATA = os.path.join(os.path.dirname(__file__), "..", "vidimus_spark", "data")


def records():
    """Something of each kind that a comparison has to tell."""
    writer = make_corpus.Writer(7)
    texts = [writer.text()[:9] for _ in range(40)]
    texts += [[writer.edited(one) for one in text] for text in texts[:12]]
    texts += [list(text) for text in (texts[3], texts[3], texts[45])]
    notice = writer.paragraph()
    texts += [[writer.sentence(), writer.edited(notice) if number % 5 == 0 else notice] for number in range(30)]
    refrain = writer.sentence()
    texts.append([part for one in writer.text()[:9] for part in (one, refrain)])
    titled = [writer.short() for _ in range(12)]
    texts += [[one, writer.paragraph()] for one in titled + titled]
    # Longer than a piece, twice.
    long = [writer.paragraph() for _ in range(310)]
    texts += [long, [writer.edited(one) for one in long]]
    for number, text in enumerate(texts):
        record = {"text": "\n\n".join(text) + "\n"}
        yield json.dumps({"id": number, **record} if number % 3 else record, ensure_ascii=number % 2 == 0)
        if number % 40 == 20:
            yield from ("", '{"text": 7}', "no record", '{"other": "x"}')


def main():
    os.makedirs(DATA, exist_ok=True)
    with open(os.path.join(DATA, "texts.jsonl"), "w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in records())
    told = subprocess.run(
        [os.path.abspath(sys.argv[1]), "duplicates", "texts.jsonl", "--format", "jsonl"], cwd=DATA, capture_output=True, check=True
    )
    with open(os.path.join(DATA, "expected.jsonl"), "wb") as file:
        file.write(told.stdout)


if __name__ == "__main__":
    main()
