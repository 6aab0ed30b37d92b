"""Connected components: by one worker where it can hold all edges, else by alternating large-star and small-star operations.

These after Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, "Connected components in MapReduce and beyond", 2014. Edges are
pairs of numbers; the component of a node is the least number that it is connected with.
"""

from pyspark.sql import functions as F


def large_star(edges):
    """Links each greater neighbour of a node with the least of its neighbours and itself."""
    both = edges.union(edges.select(F.col("v").alias("u"), F.col("u").alias("v")))
    least = both.groupBy("u").agg(F.min("v").alias("m")).select("u", F.least("u", "m").alias("m"))
    return both.join(least, "u").where("v > u").select(F.col("v").alias("u"), F.col("m").alias("v")).distinct()


def small_star(edges):
    """Links a node and its lesser neighbours with the least of these."""
    least = edges.groupBy("u").agg(F.min("v").alias("m"))
    others = edges.join(least, "u").select(F.col("v").alias("u"), F.col("m").alias("v")).where("u <> v")
    return others.union(least.select("u", F.col("m").alias("v"))).distinct()


def components(job, edges, at_once, most=64):
    """Rows (u, v): the component v of each node u that has one below itself. Few edges go to one worker; of more, each round is a
    step of the job."""
    if at_once:
        return job.step("components", lambda: job.through(edges.coalesce(1), "components"))
    told, edges = None, edges.distinct()
    for number in range(most):
        # A frame of the last round, which the next is made of.
        before = edges
        edges = job.step(f"stars-{number:02}", lambda: small_star(large_star(before)))
        now = job.proofs[f"stars-{number:02}"]
        if now == told:
            return edges
        told = now
    raise RuntimeError(f"the components are not found after {most} rounds")
