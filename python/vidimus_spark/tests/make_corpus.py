"""Makes a corpus of invented texts in JSON lines: the same bytes for the same size, on any machine.

Much in it stands twice, in every way that a comparison has to tell: whole texts, edited texts, paragraphs that went from one text to
another, boilerplate, refrains, quotations, entries of lists, texts longer than a piece; and some lines are no records.

    python make_corpus.py MEGABYTES FOLDER [SHARDS]
"""

import json
import os
import random
import sys

SYLLABLES = (
    "ba be bi bo bra da de di dor el en fa fel fin ga gor ha hel im ka ker kin la len lo lum ma mer mo na nor nu o ol pa per "
    "qua ra rin ro sa sel sor ta tel tor u ul va ver vin vo wa wel wen ya zor"
).split()
DENSE = "水车转动老城区居民屋顶点起蓝色灯笼等待第一批运粮船夜里到来人说风雨河岸桥门灯火山谷石路"


class Writer:
    """Writes texts of invented words."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.words = [self.word() for _ in range(40_000)]
        # A few words are frequent and most are rare, as in any language.
        self.sums = []
        total = 0.0
        for rank in range(len(self.words)):
            total += 1.0 / (rank + 8)
            self.sums.append(total)

    def word(self):
        count = 1 + int(self.dice.random() * 3.6)
        word = "".join(SYLLABLES[int(self.dice.random() * len(SYLLABLES))] for _ in range(count))
        return word if self.dice.random() < 0.97 else word + "é"

    def some(self, least, most):
        return least + int(self.dice.random() * (most - least + 1))

    def chance(self, share):
        return self.dice.random() < share

    def pick(self, things):
        return things[int(self.dice.random() * len(things))]

    def sentence(self):
        words = self.dice.choices(self.words, cum_weights=self.sums, k=self.some(6, 18))
        words[0] = words[0].capitalize()
        if len(words) > 9 and self.chance(0.5):
            words[len(words) // 2] += ","
        return " ".join(words) + "."

    def paragraph(self):
        if self.chance(0.01):
            return "".join(self.pick(DENSE) for _ in range(self.some(30, 200))) + "。"
        return " ".join(self.sentence() for _ in range(self.some(2, 7)))

    def short(self):
        kind = self.some(0, 3)
        if kind == 0:
            return " ".join(self.word().capitalize() for _ in range(self.some(3, 6)))
        if kind == 1:
            return f"“{self.sentence()}”"
        if kind == 2:
            names = [self.word().capitalize() for _ in range(5)]
            return f"{names[0]}, {names[1]}: The {names[2]} of {names[3]}. {names[4]} Press, {self.some(1850, 1990)}"
        return self.sentence()

    def text(self):
        count = self.some(200, 500) if self.chance(0.004) else self.some(2, 9)
        return [self.short() if self.chance(0.12) else self.paragraph() for _ in range(count)]

    def edited(self, paragraph):
        words = paragraph.split(" ")
        for at in range(len(words)):
            if self.chance(0.06):
                words[at] = self.pick(self.words)
        return " ".join(words)


def texts(megabytes):
    """Texts until they have so many bytes."""
    writer = Writer(20_260_301)
    notices = [writer.paragraph() for _ in range(6)]
    shorts = [writer.short() for _ in range(40)]
    earlier, left = [], megabytes * 1_000_000
    while left > 0:
        if earlier and writer.chance(0.03):
            paragraphs = list(writer.pick(earlier))
        elif earlier and writer.chance(0.1):
            paragraphs = [writer.edited(one) if writer.chance(0.8) else one for one in writer.pick(earlier)]
        else:
            paragraphs = writer.text()
            if earlier and writer.chance(0.08):
                paragraphs.insert(writer.some(0, len(paragraphs)), writer.pick(writer.pick(earlier)))
            if writer.chance(0.05):
                paragraphs.append(writer.pick(notices))
            if writer.chance(0.1):
                paragraphs.insert(0, writer.pick(shorts))
            if writer.chance(0.01):
                refrain = writer.sentence()
                paragraphs = [part for one in paragraphs for part in (one, refrain)]
        if len(earlier) < 400:
            earlier.append(paragraphs)
        elif writer.chance(0.2):
            earlier[writer.some(0, 399)] = paragraphs
        text = "\n\n".join(paragraphs) + "\n"
        left -= len(text.encode())
        yield text


def lines(megabytes):
    """Records, and between them what is none."""
    for number, text in enumerate(texts(megabytes)):
        record = {"text": text}
        if number % 3 == 0:
            record = {"id": f"r{number}", **record}
        elif number % 3 == 1:
            record["id"] = number
        yield json.dumps(record, ensure_ascii=number % 2 == 0)
        if number % 997 == 500:
            yield from ("", '{"text": 7}', "no record", '{"other": "x"}')


def make(megabytes, folder, shards=5):
    """Writes a corpus."""
    os.makedirs(folder, exist_ok=True)
    files = [open(os.path.join(folder, f"shard {at:03}.jsonl"), "w", newline="\n") for at in range(shards)]
    for number, line in enumerate(lines(megabytes)):
        files[number // 40 % shards].write(line + "\n")
    for file in files:
        file.close()


if __name__ == "__main__":
    make(int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))
