import os
from collections.abc import Sequence

__version__: str

class VidimusError(Exception): ...

class RawReport:
    def format(self, name: str) -> bytes: ...
    def passes(self) -> bool: ...

_Spot = tuple[int, int, int, int, int]

def check(
    manifest: str | os.PathLike[str],
    paths: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    fail_on: str | None,
    config: Sequence[str],
    isolated: bool,
    today: str | None,
    threads: int | None,
    fixity_only: bool,
) -> RawReport: ...
def duplicates(
    texts: Sequence[str],
    similarity: float,
    min_words: int,
    profile: str,
    all: bool,
    memory: int,
    threads: int | None,
) -> tuple[list[tuple[_Spot, _Spot, float, int]], list[tuple[str, bool, list[_Spot]]]]: ...
