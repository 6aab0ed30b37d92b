"""A master and two workers of Spark on 127.0.0.1, as processes that a test can end."""

import os
import re
import signal
import subprocess
import sys
import time

import pyspark

HOME = os.path.dirname(pyspark.__file__)
EXECUTOR = "CoarseGrainedExecutorBackend"
# Within so many seconds a process has begun, also on a busy machine.
STARTED = 240


def wait_for(what, found, seconds):
    """What `found` gives as soon as it gives something; an error after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        told = found()
        if told:
            return told
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not come within {seconds} s")


def parent(process):
    with open(f"/proc/{process}/stat") as file:
        return int(file.read().rsplit(")", 1)[1].split()[1])


def command(process):
    try:
        with open(f"/proc/{process}/cmdline") as file:
            return file.read()
    except OSError:
        return ""


def ancestor(process, name):
    """The nearest process above one whose command has a name in it."""
    while process > 1 and name not in command(process):
        process = parent(process)
    if process <= 1:
        raise ProcessLookupError(name)
    return process


def children(process):
    """The processes below one."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if parent(int(name)) == process:
                    found.append(int(name))
            except OSError:
                pass
    return found


def cross_joins(folder):
    """The plans in a folder that join all rows with all, each with the word for it."""
    for plan in sorted(os.listdir(folder)):
        with open(os.path.join(folder, plan)) as file:
            told = file.read()
        for word in ("CartesianProduct", "BroadcastNestedLoopJoin", "CrossJoin"):
            if word in told:
                yield plan, word


def lines(folder):
    """The lines of a folder that Spark has written, in order; only where it is complete."""
    names = sorted(os.listdir(folder))
    if "_SUCCESS" not in names:
        raise AssertionError(f"{folder} is not complete")
    told = []
    for name in names:
        if name.startswith("part-"):
            with open(os.path.join(folder, name), "rb") as file:
                told += file.read().splitlines()
    return told


class Cluster:
    """A master and its workers. Only what was started here is ended, by its number."""

    def __init__(self, scratch, workers=2, memory="3g"):
        self.scratch = scratch
        self.memory = memory
        self.processes = {}
        self.environment = {
            **os.environ,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_HOME": HOME,
            "SPARK_NO_DAEMONIZE": "1",
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }
        self.workers = [f"worker-{number}" for number in range(workers)]
        os.makedirs(scratch, exist_ok=True)
        try:
            self.begin()
        except BaseException:
            self.stop()
            raise

    def begin(self):
        self.start("master", "org.apache.spark.deploy.master.Master", "-h", "127.0.0.1", "-p", "0", "--webui-port", "0")
        self.address = wait_for("the master", lambda: self.told("master", r"(spark://127\.0\.0\.1:\d+)"), STARTED)
        for name in self.workers:
            self.start_worker(name)

    def log(self, name):
        return os.path.join(self.scratch, f"{name}.log")

    def told(self, name, pattern):
        with open(self.log(name), errors="replace") as file:
            found = re.search(pattern, file.read())
        return found and found.group(1)

    def start(self, name, *words):
        with open(self.log(name), "w") as log:
            self.processes[name] = subprocess.Popen(
                [os.path.join(HOME, "bin", "spark-class"), *words],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                start_new_session=True,
            )

    def start_worker(self, name):
        folder = os.path.join(self.scratch, name)
        words = ["-h", "127.0.0.1", "-p", "0", "--webui-port", "0", "-c", "1", "-m", self.memory, "-d", folder]
        self.start(name, "org.apache.spark.deploy.worker.Worker", *words, self.address)
        wait_for(name, lambda: self.told(name, r"(Successfully registered with master)"), STARTED)

    def submit(self, conf, words, log):
        """Starts a job on both workers; what it says goes to a file."""
        settings = {
            "spark.cores.max": str(len(self.workers)),
            "spark.executor.cores": "1",
            "spark.driver.memory": "1g",
            # What plans many small jobs is not run often enough to be worth the second compiler of Java.
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.eventLog.compress": "false",
            **conf,
        }
        command = [os.path.join(HOME, "bin", "spark-submit"), "--master", self.address]
        for key, value in settings.items():
            command += ["--conf", f"{key}={value}"]
        with open(log, "w") as file:
            return subprocess.Popen([*command, *words], stdout=file, stderr=subprocess.STDOUT, env=self.environment)

    def executors(self):
        """The executors of all workers."""
        below = [child for name in self.workers for child in children(self.processes[name].pid)]
        return [child for child in below if EXECUTOR in command(child)]

    def kill_worker_of(self, executor):
        """Ends an executor together with its worker; gives the name of the worker."""
        above = parent(executor)
        name = next(name for name in self.workers if self.processes[name].pid == above)
        # The worker first, so that it cannot start another executor.
        os.kill(above, signal.SIGKILL)
        os.kill(executor, signal.SIGKILL)
        self.processes[name].wait()
        return name

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                process.wait()
