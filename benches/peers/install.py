"""Installs the peers for `run.py --install`, each on its own, so that one that fails does not keep the others away."""
import os
import platform
import shutil
import subprocess
import sys

LIBRARIES = ("rensa==0.5.0", "gaoya==0.2.2", "datasketch==2.0.0", "dolma==1.2.1")
DEBIAN = "similarity-tester"


def attempt(what, *argv):
    """Runs a step at low priority and says how it went."""
    nice = ["nice", "-n", "10"] if shutil.which("nice") else []
    done = subprocess.run([*nice, *argv], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    last = done.stderr.strip().splitlines()[-1:] if done.returncode else []
    print(f"install {what}: {'failed: ' + ' '.join(last) if done.returncode else 'done'}", file=sys.stderr)


def libraries(tools):
    """A virtual environment with uv in it: pip alone takes many minutes to find versions for dolma."""
    venv = os.path.join(tools, "venv")
    python = os.path.join(venv, "bin", "python")
    attempt("venv", sys.executable, "-m", "venv", venv)
    attempt("uv", python, "-m", "pip", "install", "--quiet", "uv")
    for library in LIBRARIES:
        attempt(library, python, "-m", "uv", "pip", "install", "--quiet", "--python", python, library)


def jscpd(tools):
    """The package of the platform holds the program itself; npm may leave it out as optional, so it is named."""
    linux = sys.platform == "linux" and platform.machine() == "x86_64"
    packages = ["jscpd@5", *(["jscpd-linux-x64-gnu@5"] if linux else [])]
    if shutil.which("npm"):
        attempt("jscpd", "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", os.path.join(tools, "npm"), *packages)
    else:
        print("install jscpd: npm is missing", file=sys.stderr)


def sim_text():
    if shutil.which("sim_text"):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        attempt("lists of apt", "apt-get", "update")
        attempt(DEBIAN, "apt-get", "install", "-y", DEBIAN)
    else:
        print(f"install sim_text: it is in the Debian package {DEBIAN}: apt-get install {DEBIAN}", file=sys.stderr)


def install(tools):
    os.makedirs(os.path.join(tools, "npm"), exist_ok=True)
    libraries(tools)
    jscpd(tools)
    sim_text()
