"""Near-duplicate passages on a cluster: the steps, and the joins between them."""

import math

from pyspark.sql import Window
from pyspark.sql import functions as F

from .components import components
from .job import Job
from .texts import Source, numbered, numbers

# Rows that carry pieces of texts go to the worker in small batches.
PIECES = 512
# A bucket has about so many seeds, and a shelf about so many meetings: what a worker holds at a time.
SEEDS = 2_000_000
MEETINGS = 3_000_000
# Of so many pairs one worker finds the components.
AT_ONCE = 5_000_000
# A cell has texts of twice so many bytes at most, about.
CELL = 32 << 20

PLACE = ["text", "start", "end"]
PLACE_A = [f"a_{column}" for column in PLACE]
PLACE_B = [f"b_{column}" for column in PLACE]
# A piece, and what stands before and behind it: too long for a sum. Pieces have a digest.
TEXT = ["before", "part", "behind"]


def duplicates(
    spark,
    path,
    output,
    *,
    form=None,
    text_field="text",
    id_field="id",
    similarity=0.7,
    min_words=12,
    profile="default",
    all=False,
    worker=None,
    partitions=None,
    plans=None,
    at_once=AT_ONCE,
):
    """Finds passages of the texts in `path` (JSON lines or Parquet) that stand more than once.

    Writes to `output`: `pairs` and `groups` (Parquet), `pairs.jsonl` and `groups.jsonl` (folders of lines as `vidimus duplicates
    --format jsonl` prints them, in the same order), `left_out` (Parquet). Gives the counts.
    """
    settings = {
        "text_field": text_field,
        "id_field": id_field,
        "similarity": similarity,
        "min_words": min_words,
        "profile": profile,
        "all": all,
    }
    job = Job(spark, output, settings, worker, partitions, plans)
    job.ship()
    source = Source(spark, path, form, text_field, id_field)
    job.begin("duplicates", source)
    return Run(job, source, at_once).run()


class Run:
    """One run of a comparison."""

    def __init__(self, job, source, at_once):
        self.job = job
        self.source = source
        self.at_once = at_once

    def run(self):
        job = self.job
        first = F.col("piece") == 0
        told = {"words": total("words"), "bytes": total(F.when(first, F.col("size"))), "texts": F.count_if(first)}
        read = job.step("pieces", self.read, unsummed=TEXT, **told)
        self.words, self.bytes, self.texts = (job.told("pieces", what) for what in told)
        blocks = numbers(job, self.source, lines_of(read).collect())
        self.pieces = numbered(read.where("piece >= 0"), blocks).drop("block", "path", "row", "why")
        self.left_out = numbered(read.where("piece = -1"), blocks)
        self.classes = job.step("classes", self.equal)
        crowd = [total(F.col("crowd")[at]) for at in range(job.contract["constants"]["crowd"])]
        self.runs = job.step("runs", self.gather, **{f"standing_{at}": seeds for at, seeds in enumerate(crowd)})
        # How many seeds stand how often: what the worker tells frequent ones by.
        seeds = [job.told("runs", f"standing_{at}") for at in range(len(crowd))]
        self.crowd = {"crowd": seeds, "corpus_words": self.words}
        self.short = f"least(a_words, b_words) <= {job.contract['constants']['short']}"
        unseen = F.count_if(F.expr(f"{self.short} and (a_look is null or b_look is null)"))
        passages = job.step("passages", self.compare, unseen=unseen)
        self.kinds = job.step("kinds", lambda: self.kind(passages))
        self.check_kinds()
        self.nodes = job.step("nodes", self.node)
        edges = job.step("edges", self.edges)
        links = edges.where("a_node <> b_node").select(*ends())
        stars = components(job, links, job.told("edges") <= self.at_once)
        self.groups = job.step("groups", lambda: self.group(edges, stars))
        self.check_groups()
        return self.report()

    def read(self):
        return self.job.through(self.source.rows(), "read" + self.source.suffix, batch=512)

    def equal(self):
        """Texts with the same bytes: all numbers of each class, and its first."""
        texts = self.pieces.where("piece = 0 and size > 0").groupBy("digest")
        classes = texts.agg(F.sort_array(F.collect_list("text")).alias("equal"), F.max("size").alias("size"))
        return classes.where("size(equal) > 1").select(F.col("equal")[0].alias("text"), "equal", "size")

    def compared(self):
        """Pieces with words, of texts that are the first of their class."""
        later = self.classes.select(F.explode(F.slice("equal", F.lit(2), F.size("equal"))).alias("text"))
        return self.pieces.where("words > 0").join(later, "text", "left_anti")

    def gather(self):
        buckets = power_of_two(self.words // SEEDS, self.job.partitions)
        seeds = self.job.through(
            self.compared(), "seeds", batch=PIECES, buckets=buckets, corpus_words=self.words
        )
        return self.job.through(self.job.grouped(seeds, ["bucket"]), "gather", batch=256)

    def pairs(self):
        crowd = self.crowd["crowd"]
        most = sum(seeds * at * (at - 1) // 2 for at, seeds in enumerate(crowd))
        meetings = min(most, 3 * self.words) + self.words // 4
        shelves = max(self.job.partitions, meetings // MEETINGS)
        met = self.job.through(self.runs, "meet", batch=16, shelves=shelves, **self.crowd)
        return self.job.through(self.job.grouped(met, ["shelf"]), "pair", batch=64)

    def compare(self):
        """Pairs go in cells with the pieces that they are of: each piece is sent once to each cell that wants it."""
        pairs = self.job.step("pairs", self.pairs)
        groups = max(2 * math.isqrt(self.job.partitions) + 1, self.bytes // CELL)
        group = lambda side: F.pmod(F.xxhash64(f"{side}_text", f"{side}_piece"), F.lit(groups))
        cell = F.least(group("a"), group("b")) * groups + F.greatest(group("a"), group("b"))
        pairs = pairs.withColumn("cell", cell).withColumn("what", F.lit("two"))
        side = lambda name: pairs.select(
            "cell", F.col(f"{name}_text").alias("text"), F.col(f"{name}_piece").alias("piece")
        )
        wanted = side("a").union(side("b")).distinct()
        pieces = wanted.join(self.pieces.select("text", "piece", "start", "last", *TEXT), ["text", "piece"])
        pieces = pieces.withColumnsRenamed({"text": "a_text", "piece": "a_piece"}).withColumn("what", F.lit("piece"))
        rows = self.job.grouped(pairs.unionByName(pieces, True), ["cell"], ["what"])
        found = self.job.through(rows, "compare", batch=PIECES)
        return self.job.through(self.job.grouped(found, ["a_text", "b_text"]), "join")

    def excerpts(self, places, around):
        """The bytes of places, and some around them: rows with `from`, the first byte, and `bytes`."""
        asked = places.withColumn("from", F.greatest(F.lit(0), F.col("start") - around)).withColumn(
            "to", F.col("end") + around
        )
        pieces = self.pieces.select("text", F.col("start").alias("at"), "part").withColumn(
            "behind", F.col("at") + F.length("part")
        )
        cut = "substring(part, int(greatest(from, at) - at + 1), int(least(to, behind) - greatest(from, at)))"
        parts = asked.join(pieces, "text").where("at < to and behind > from")
        parts = parts.select(*PLACE, "from", F.struct("at", F.expr(cut).alias("bytes")).alias("part"))
        whole = parts.groupBy(*PLACE, "from").agg(F.array_sort(F.collect_list("part")).alias("parts"))
        joined = "aggregate(parts, cast('' as binary), (all, part) -> concat(all, part.bytes))"
        return whole.select(*PLACE, "from", F.expr(joined).alias("bytes"))

    def kind(self, passages):
        """Passages with what they are, by how the short ones look in their places."""
        if self.job.told("passages", "unseen"):
            passages = self.looked(passages)
        return self.job.through(passages, "kind")

    def looked(self, passages):
        """Passages with the looks of short ones that were joined, so that they lie in no piece alone."""
        joined = passages.where(self.short)
        sides = [joined.where(f"{side}_look is null").select(*place(side)) for side in "ab"]
        seen = self.excerpts(sides[0].union(sides[1]).distinct(), self.job.contract["constants"]["around"]).select(
            *PLACE,
            F.expr("substring(bytes, 1, int(start - from))").alias("before"),
            F.expr("substring(bytes, int(start - from + 1), int(end - start))").alias("passage"),
            F.expr("substring(bytes, int(end - from + 1))").alias("behind"),
        )
        looks = self.job.through(seen, "look", batch=2000)
        for side in "ab":
            own = looks.select(*(F.col(column).alias(f"{side}_{column}") for column in PLACE), F.col("look").alias("found"))
            passages = passages.join(own, [f"{side}_{column}" for column in PLACE], "left")
            passages = passages.withColumn(f"{side}_look", F.coalesce(f"{side}_look", "found")).drop("found")
        return passages

    def check_kinds(self):
        place = PLACE_A + PLACE_B
        turned = "(a_text, a_start, a_end) > (b_text, b_start, b_end)"
        self.job.demand(
            a_pair_of_passages_was_found_twice=self.kinds.groupBy(*place).count().where("count > 1"),
            the_passages_of_a_pair_are_not_in_order=self.kinds.where(turned).select(*place),
        )

    def node(self):
        places = places_of(self.kinds).distinct()
        return self.job.through(self.job.grouped(places, ["text"], ["start", "end"]), "nodes")

    def edges(self):
        """Passages with the nodes of both sides."""
        edges = self.kinds
        for side in ("a", "b"):
            own = self.nodes.select(*(F.col(column).alias(f"{side}_{column}") for column in [*PLACE, "node"]))
            edges = edges.join(own, [f"{side}_{column}" for column in PLACE])
        return edges

    def group(self, edges, stars):
        """The rows of each component, settled; and texts that are equal."""
        above = stars.select(F.col("u").alias("a_node"), F.col("v").alias("component"))
        pairs = edges.join(above, "a_node", "left").withColumn("component", F.coalesce("component", "a_node"))
        pairs = pairs.withColumn("what", F.lit("pair"))
        nodes = self.nodes.select(
            "node",
            F.col("text").alias("a_text"),
            F.col("node_start").alias("a_start"),
            F.col("node_end").alias("a_end"),
        ).distinct()
        least = stars.select(F.col("u").alias("node"), F.col("v").alias("component"))
        nodes = nodes.join(least, "node", "left").withColumn("component", F.coalesce("component", "node"))
        large = nodes.groupBy("component").count().where("count > 2").select("component")
        places = nodes.join(large, "component", "left_semi").select(
            F.col("a_text").alias("text"), F.col("a_start").alias("start"), F.col("a_end").alias("end")
        )
        passages = self.excerpts(places, 0).select(
            F.col("text").alias("a_text"),
            F.col("start").alias("a_start"),
            F.col("end").alias("a_end"),
            F.col("bytes").alias("passage"),
        )
        told = nodes.join(passages, ["a_text", "a_start", "a_end"], "left")
        told = told.withColumnRenamed("node", "a_node").withColumn("what", F.lit("node"))
        texts = nodes.select("component", "a_text").distinct()
        classes = self.classes.select(F.col("text").alias("a_text"), "equal")
        classes = texts.join(classes, "a_text").withColumn("what", F.lit("class"))
        rows = pairs.unionByName(told, True).unionByName(classes, True)
        groups = self.job.through(self.job.grouped(rows, ["component"]), "group", batch=1000, **self.crowd)
        return groups.unionByName(self.copies())

    def copies(self):
        head = self.job.contract["constants"]["head"]
        pieces = self.pieces.where("piece < 3").select("text", "piece", "part")
        parts = self.classes.join(pieces, "text").groupBy("text", "size", "equal")
        heads = parts.agg(F.array_sort(F.collect_list(F.struct("piece", "part"))).alias("parts"))
        joined = "aggregate(parts, cast('' as binary), (all, part) -> concat(all, part.part))"
        heads = heads.select("size", F.expr(f"substring({joined}, 1, {head})").alias("head"), "equal")
        return self.job.through(heads, "copies", batch=PIECES, **self.crowd)

    def check_groups(self):
        group = ["component", "number"]
        pairs = self.groups.where("what = 'pair'")
        place = PLACE_A + PLACE_B
        members = self.groups.where("what = 'member'")
        named = members.select(*group).distinct()
        self.job.demand(
            a_pair_was_told_twice=pairs.groupBy(*group, *place).count().where("count > 1"),
            a_pair_has_no_group=pairs.join(named, group, "left_anti").select(*group, *place),
            a_group_has_a_member_twice=members.groupBy(*group, *PLACE_A).count().where("count > 1"),
        )

    def report(self):
        """Groups with their ids, then tables and lines with the names of texts."""
        job = self.job
        members = self.groups.where("what = 'member'")
        place = F.struct(*(F.col(f"a_{column}").alias(column) for column in PLACE))
        heads = members.groupBy("component", "number").agg(
            F.min("id").alias("print"),
            F.min("boilerplate").alias("boilerplate"),
            F.min("words").alias("words"),
            F.array_sort(F.collect_list(place)).alias("members"),
        )
        # An id that stands twice gets a number, in the order of members.
        order = Window.partitionBy("print").orderBy("members", "component", "number")
        again = F.row_number().over(order)
        same = F.when(again == 1, F.col("print")).otherwise(F.concat_ws("-", "print", again))
        heads = heads.select(
            "component", "number", "boilerplate", "words", F.col("members")[0].alias("first"), same.alias("group")
        )
        names = self.pieces.where("piece = 0").select(
            "text", F.col("shown").alias("path"), "record", F.col("id").alias("text_id")
        )
        pairs = job.publish("pairs", self.named_pairs(heads, names))
        groups = job.publish("groups", self.named_groups(heads, names, members))
        job.publish("left_out", self.left_out.select(F.col("shown").alias("path"), "record", "why"))
        return {
            "texts": self.texts,
            "bytes": self.bytes,
            "words": self.words,
            "pairs": job.told("pairs"),
            "groups": self.write(pairs, groups),
            "left_out": job.told("left_out"),
        }

    def named_pairs(self, heads, names):
        pairs = self.groups.where("what = 'pair'").drop("id", "boilerplate", "what")
        pairs = pairs.join(heads.select("component", "number", "group"), ["component", "number"])
        for side in ("a", "b"):
            named = {"text": "text", "path": "path", "record": "record", "text_id": "id"}
            own = names.select(*(F.col(column).alias(f"{side}_{name}") for column, name in named.items()))
            pairs = pairs.join(own, f"{side}_text")
        return pairs

    def named_groups(self, heads, names, members):
        members = members.select(
            "component",
            "number",
            F.col("a_text").alias("text"),
            F.col("a_start").alias("start"),
            F.col("a_end").alias("end"),
        )
        return members.join(heads, ["component", "number"]).join(names, "text").withColumnRenamed("group", "id")

    def write(self, pairs, groups):
        """Lines as one machine prints them, in its order; gives how many groups there are."""
        job = self.job
        place = PLACE_A + PLACE_B
        ordered = pairs.orderBy(*place, "component", "number")
        job.lines(job.through(ordered, "pair-lines").select(F.col("line").alias("value")), "pairs.jsonl")
        group = ["first", "component", "number"]
        ordered = groups.repartitionByRange(job.partitions, *group).sortWithinPartitions(*group, *PLACE)
        return job.lines(job.through(ordered, "group-lines").select(F.col("line").alias("value")), "groups.jsonl")


def ends():
    """The greater node of an edge, and the lesser."""
    return F.greatest("a_node", "b_node").alias("u"), F.least("a_node", "b_node").alias("v")


def place(side):
    """The columns of the place of a side."""
    return [F.col(f"{side}_{column}").alias(column) for column in PLACE]


def places_of(passages):
    """The places of both sides."""
    return passages.select(*place("a")).union(passages.select(*place("b")))


def total(column):
    """The sum of a column, also where there is no row."""
    return F.coalesce(F.sum(column), F.lit(0))


def lines_of(read):
    """How many lines each block has, by the row that tells it, or by the rows that there are."""
    lines = F.when(F.col("piece") == -2, F.col("row")).otherwise(F.col("row") + 1)
    return read.groupBy("path", "block").agg(F.max(lines).alias("lines"))


def power_of_two(number, least):
    """The least power of two that is no less than both."""
    power = 1
    while power < max(number, least):
        power *= 2
    return power
