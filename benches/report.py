#!/usr/bin/env python3
"""Time the cleanup report on a corpus of many texts: how long it takes to write, how large it is, and when a browser paints it.

  cargo build --release && npm ci --prefix tests/browser && python3 benches/report.py [--texts 2000] [--runs 5]

Makes its texts once, of sentences of its own, each with a few findings. The time to write is the median of `check` with the
report less that of `check` without one. Without Chromium and what npm installs, the last line is left out, and that is said.
"""
import argparse, hashlib, os, shutil, statistics, subprocess, time

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--texts", type=int, default=2000)
ap.add_argument("--runs", type=int, default=5)
ap.add_argument("--folder", default="/tmp/vidimus-bench-report")
ap.add_argument("--bin", default="target/release/vidimus")
ap.add_argument("--chromium", default=shutil.which("chromium") or "/usr/bin/chromium")
A = ap.parse_args()
A.bin = os.path.abspath(A.bin)
HERE = os.path.dirname(os.path.abspath(__file__))
DRIVER = os.path.join(HERE, "..", "tests", "browser", "node_modules", "playwright-core", "index.mjs")
NAMES = "lamp boat rope sail gull tide mole quay".split()


def text(number):
    words = ", ".join(f"{NAMES[(number * 7 + i * i) % 8]} {(number * 31 + i * 17) % 997}" for i in range(200))
    return (f"Dispatch {number}\n\nAdvertisement\n\nThe log of day {number} names {words}.\n\n\nIt ends <i>here</i>.\n"
            f"The keeper lit the blue lamps at dusk that day, said the log of boat {number % 400}, and he never slept well after it.\n")


def make():
    shutil.rmtree(A.folder, ignore_errors=True)
    os.makedirs(os.path.join(A.folder, "d"))
    lines = ["vidimus: 1", "corpus: {title: Dispatches, include: ['d/*.txt'], license: CC0-1.0, language: en}", "entries:"]
    for number in range(A.texts):
        path, content = f"d/{number:06}.txt", text(number).encode()
        with open(os.path.join(A.folder, path), "wb") as file:
            file.write(content)
        lines += [f"  - path: {path}", f'    sha256: "{hashlib.sha256(content).hexdigest()}"', f"    title: Dispatch {number} from the quay",
                  f"    published_at: {1990 + number % 25}-03-11",
                  f'    source: {{url: "https://paper{number % 9}.example.org/{number}", retrieved_at: 2020-03-0{1 + number % 9}}}']
    with open(os.path.join(A.folder, "manifest.yaml"), "w") as file:
        file.write("\n".join(lines) + "\n")


def run(*args):
    begun = time.perf_counter()
    done = subprocess.run([A.bin, "check", "--format", "concise", *args], cwd=A.folder, stdout=subprocess.DEVNULL)
    assert done.returncode in (0, 1), done.returncode
    return time.perf_counter() - begun


def painted(page):
    script = f"""
import {{ chromium }} from "{DRIVER}";
const browser = await chromium.launch({{ executablePath: "{A.chromium}", args: ["--headless=new", "--no-sandbox", "--disable-gpu"] }});
const page = await browser.newPage();
await page.goto("file://{page}");
const [paint, load] = await page.evaluate(() => [performance.getEntriesByName("first-contentful-paint")[0].startTime, performance.getEntriesByType("navigation")[0].loadEventEnd]);
console.log(Math.round(paint), Math.round(load));
await browser.close();
"""
    said = subprocess.run(["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True).stdout
    return [int(number) for number in said.split()]


make()
bare = statistics.median(run() for _ in range(A.runs))
print(f"{A.texts} texts; check without a report {bare:.2f} s")
for format, name in (("html", "r.html"), ("markdown", "r.md")):
    page = os.path.join(A.folder, name)
    whole = statistics.median(run("--output", f"{format}={page}") for _ in range(A.runs))
    print(f"{format}: {whole - bare:.2f} s more, {os.path.getsize(page) / 1e6:.2f} MB")
if os.path.exists(DRIVER) and os.path.exists(A.chromium):
    times = [painted(os.path.join(A.folder, "r.html")) for _ in range(A.runs)]
    print(f"first paint {statistics.median(t[0] for t in times):.0f} ms, loaded {statistics.median(t[1] for t in times):.0f} ms")
else:
    print("LEFT OUT: first paint, which needs Chromium and `npm ci --prefix tests/browser`")
