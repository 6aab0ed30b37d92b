"""One step of the worker as a function for `DataFrame.mapInArrow`: batches in, batches out, by a process beside it.

This module is pickled by value and runs on executors that need not have the package, so it imports nothing of it.
"""

import itertools
import json
import os
import shutil
import stat
import subprocess
import tempfile
import threading
import zlib

WORKER = "vidimus-worker"


class WorkerError(RuntimeError):
    """The worker could not do its step, or what came of it was not whole."""


class Summed:
    """A pipe that sums up the bytes that pass."""

    def __init__(self, pipe):
        self.pipe = pipe
        self.crc = 0
        self.closed = False

    def write(self, data):
        view = memoryview(data).cast("B")
        self.crc = zlib.crc32(view, self.crc)
        rest = view
        while rest:
            rest = rest[self.pipe.write(rest) :]
        return len(view)

    def read(self, size=-1):
        parts = []
        while size != 0:
            part = self.pipe.read(size)
            if not part:
                break
            parts.append(part)
            size -= len(part) if size > 0 else 0
        data = b"".join(parts) if len(parts) != 1 else parts[0]
        self.crc = zlib.crc32(data, self.crc)
        return data

    def flush(self):
        self.pipe.flush()

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return False

    def close(self):
        self.closed = True


def program():
    """Where the worker is on this machine: shipped with the job, or named by `VIDIMUS_WORKER`."""
    from pyspark import SparkFiles

    places = [os.environ.get("VIDIMUS_WORKER"), SparkFiles.get(WORKER), os.path.join(os.getcwd(), WORKER)]
    for place in places:
        if place and os.path.isfile(place):
            return place if os.access(place, os.X_OK) else runnable(place)
    raise WorkerError(
        f"{WORKER} is not on this executor (looked at {', '.join(place for place in places if place)}); ship it with "
        f"`spark-submit --files path/to/{WORKER}`, or install it on every executor and name it in VIDIMUS_WORKER"
    )


def runnable(place):
    """A copy that may be run, since what is shipped may lose that right."""
    stamp = os.stat(place)
    copy = os.path.join(tempfile.gettempdir(), f"{WORKER}-{os.getuid()}-{stamp.st_size}-{stamp.st_mtime_ns}")
    if not is_own(copy):
        handle, half = tempfile.mkstemp(prefix=WORKER)
        os.close(handle)
        shutil.copyfile(place, half)
        os.chmod(half, 0o700)
        os.replace(half, copy)
    return copy


def is_own(copy):
    """Whether a program was put there by this user: others may write to the same folder, and know the name."""
    try:
        there = os.lstat(copy)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(there.st_mode) and there.st_uid == os.getuid() and there.st_mode & 0o777 == 0o700


def through(step, settings, contract):
    """The function that sends the batches of a partition through a step."""

    def run(batches):
        batches = iter(batches)
        first = next(batches, None)
        if first is None:
            return
        yield from Passage(step, settings, contract).run(first, batches)

    return run


class Passage:
    """The way of one partition through a step."""

    def __init__(self, step, settings, contract):
        self.step = step
        self.contract = contract
        self.complaints = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [program(), step, settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.complaints,
            bufsize=0,
        )
        self.sent = 0
        self.failure = None

    def run(self, first, batches):
        feeder = threading.Thread(target=self.feed, args=(first, batches), daemon=True)
        feeder.start()
        try:
            yield from self.receive()
            feeder.join()
            self.end()
        finally:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.complaints.close()

    def feed(self, first, batches):
        """Sends all batches, and the trailer only where none is missing."""
        import pyarrow as pa

        pipe = self.process.stdin
        try:
            sink = Summed(pipe)
            with pa.ipc.new_stream(sink, first.schema) as stream:
                for batch in itertools.chain([first], batches):
                    self.sent += batch.num_rows
                    stream.write_batch(batch)
            trailer = {"contract": self.contract, "rows_in": self.sent, "crc": sink.crc}
            pipe.write(json.dumps(trailer).encode() + b"\n")
        except BrokenPipeError:
            pass  # The worker has ended, and says why.
        except BaseException as error:  # It must not be lost with the thread.
            self.failure = error
        finally:
            try:
                pipe.close()
            except BrokenPipeError:
                pass

    def receive(self):
        """What the worker gives, and whether that is all of it."""
        import pyarrow as pa

        source = Summed(self.process.stdout)
        received = 0
        try:
            with pa.ipc.open_stream(source) as stream:
                for batch in stream:
                    received += batch.num_rows
                    yield batch
        except (pa.ArrowInvalid, OSError) as error:
            raise self.error(f"its stream breaks off: {error}") from error
        told = self.process.stdout.read(4096) or b""
        while not told.endswith(b"\n"):
            more = self.process.stdout.read(4096)
            if not more:
                raise self.error("its stream breaks off before its trailer")
            told += more
        trailer = json.loads(told)
        expected = {"contract": self.contract, "rows_out": received, "crc": source.crc}
        for key, value in expected.items():
            if trailer.get(key) != value:
                raise self.error(f"its trailer says {key} {trailer.get(key)}, and it is {value}")
        self.taken = trailer.get("rows_in")

    def end(self):
        """Whether all went in, and the worker ended well."""
        if self.failure is not None:
            raise self.failure
        code = self.process.wait()
        if code != 0:
            raise self.error("it failed behind its stream")
        if self.taken != self.sent:
            raise self.error(f"it took {self.taken} rows, and {self.sent} were sent")

    def error(self, what):
        """What is wrong, with what the worker says itself."""
        if self.failure is not None:
            return self.failure
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.complaints.seek(0, os.SEEK_END)
        self.complaints.seek(max(0, self.complaints.tell() - 4000))
        said = self.complaints.read().decode("utf-8", "replace").strip()
        return WorkerError(f"{WORKER} {self.step} failed: {what}; exit code {code}" + (f"; it says: {said}" if said else ""))
