"""Runs `check` and `duplicates` of vidimus on an Apache Spark cluster.

Spark splits, sorts, groups, joins and repeats what was lost. Every rule that decides a result is in the program
`vidimus-worker`, which travels with the job and is fed batch by batch; so what comes out is what one machine gives.
"""

from .check import check
from .duplicates import duplicates
from .job import Job, SelfCheckError
from .pipe import WorkerError

__all__ = ["Job", "SelfCheckError", "WorkerError", "check", "duplicates"]
