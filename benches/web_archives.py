#!/usr/bin/env python3
"""Compare `vidimus verify` with `warcio check` and `wacz validate`: what each says of damaged web archives, and how long a large one takes.

  cargo build --release && python3 benches/web_archives.py --peers VENV/bin [--size 200] [--runs 5] [--folder /tmp/vidimus-warc]
      [--bin target/release/vidimus]

VENV has `warcio` and `wacz` from PyPI. All archives are written here, by this script alone, from invented words. Standard library only.
Prints a table in Markdown: the case, the exit code of the peer, that of vidimus with its rules, and the command.
"""
import argparse, base64, gzip, hashlib, json, os, random, re, resource, statistics, subprocess, time, zipfile

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--peers", required=True)
ap.add_argument("--size", type=int, default=200, help="MB of the large archive, unpacked")
ap.add_argument("--runs", type=int, default=5)
ap.add_argument("--folder", default="/tmp/vidimus-warc")
ap.add_argument("--bin", default="target/release/vidimus")
A = ap.parse_args()
A.bin = os.path.abspath(A.bin)
os.makedirs(A.folder, exist_ok=True)
WORDS = "the ferry at low harrow crossed the river eleven times a day and on market days as often as it could be filled".split()
END = b"\r\n\r\n"


def sha1(data):
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def record(kind, number, block, payload=None, url=None, more=(), length=None, digests=True, date="2016-05-11T10:00:00Z"):
    head = ["WARC/1.1", f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>", f"WARC-Date: {date}"]
    if kind != "warcinfo":
        head.append(f"WARC-Target-URI: {url or f'https://news.example/{number}'}")
    head += more
    if digests:
        head.append("WARC-Block-Digest: " + sha1(block))
        if payload is not None:
            head.append("WARC-Payload-Digest: " + sha1(payload))
    head.append(f"Content-Length: {len(block) if length is None else length}")
    return "\r\n".join(head).encode() + END + block + END


def response(number, body, head="Content-Type: text/html", payload=None, more=(), **rest):
    block = f"HTTP/1.1 200 OK\r\n{head}".encode() + END + body
    more = ["Content-Type: application/http; msgtype=response", *more]
    return record("response", number, block, payload=body if payload is None else payload, more=more, **rest)


def chunked(body):
    pieces = [body[at : at + 64] for at in range(0, len(body), 64)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def revisit(number, payload, first):
    more = ["Content-Type: application/http; msgtype=response", "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"]
    more.append(f"WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-{first:012d}>")
    return record("revisit", number, b"HTTP/1.1 200 OK" + END, payload=payload, url=f"https://news.example/{first}", more=more)


PAGE = b"<html><body><p>" + b"The ferry at Low Harrow crossed the river eleven times a day. " * 8 + b"</p></body></html>"
OTHER = PAGE.replace(b"ferry", b"barge")
FIELDS = "Content-Type: text/html\r\nTransfer-Encoding: chunked"
GOOD = [
    record("warcinfo", 1, b"software: by hand\r\n", more=["Content-Type: application/warc-fields"]),
    response(2, PAGE),
    response(3, OTHER),
]


def pack(records):
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def without_digests(records):
    return [re.sub(rb"WARC-(Block|Payload)-Digest: [^\r]*\r\n", b"", one) for one in records]


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]




def bomb():
    return record("resource", 9, b"\0" * 400_000_000, more=["Content-Type: text/plain"])


WARCS = {
    "whole": ("a whole file", b"".join(GOOD)),
    "no-digest": ("no record has a digest", b"".join(without_digests(GOOD))),
    "cut": ("the file ends in a record", b"".join(GOOD)[:-80]),
    "cut.gz": ("the same, compressed", pack(GOOD)[:-80]),
    "too-long": ("a `Content-Length` that swallows the next record", GOOD[0] + response(2, PAGE, length=30_000) + GOOD[2]),
    "too-long.gz": ("the same, compressed", pack([GOOD[0], response(2, PAGE, length=30_000), GOOD[2]])),
    "revisit": ("a revisit of a record with another payload", b"".join(GOOD) + revisit(4, PAGE + b"x", 2)),
    "revisit-elsewhere": ("a revisit of a record in no file at hand", b"".join(GOOD) + revisit(4, PAGE, 77)),
    "chunks-as-sent": ("a chunked body, digest with its chunks", GOOD[0] + response(2, chunked(PAGE), FIELDS)),
    "chunks-joined": ("a chunked body, digest without its chunks", GOOD[0] + response(2, chunked(PAGE), FIELDS, payload=PAGE)),
    "truncated": ("`WARC-Truncated: length`", GOOD[0] + response(2, PAGE, more=["WARC-Truncated: length"])),
    "same-id": ("two records with one id", b"".join(GOOD) + GOOD[1]),
    "no-date": ("a record without `WARC-Date`", b"".join(GOOD).replace(b"WARC-Date: 2016-05-11T10:00:00Z\r\n", b"", 1)),
    "bad-date": ("a `WARC-Date` of the 41st", b"".join(GOOD).replace(b"2016-05-11T", b"2016-05-41T", 1)),
    "stray": ("bytes between two records", GOOD[0] + b"something else\r\n" + GOOD[1] + GOOD[2]),
    "flipped.gz": ("a damaged member in the middle", flipped(pack(GOOD), len(pack(GOOD[:1])) + 60)),
    "one-member.gz": ("all records in one member", gzip.compress(b"".join(GOOD), mtime=0)),
    "bomb.gz": ("a member that unpacks to 1,000 times its size", lambda: pack([GOOD[0], bomb(), GOOD[1]])),
    "mislabelled": ("a SHA-1 that is called SHA-256", b"".join(GOOD).replace(b"Payload-Digest: sha1", b"Payload-Digest: sha256", 1)),
}


def wacz(name, drop=(), change=None, listed=None, seal=True):
    """A package; `listed` are the members as its list has them."""
    members = {
        "archive/crawl.warc.gz": pack(GOOD),
        "indexes/index.cdx": b"example,news)/2 20160511100000 {}\n",
        "pages/pages.jsonl": b'{"format": "json-pages-1.0", "id": "pages", "title": "All"}\n',
    }
    whole = dict(members)
    members.update(change or {})
    for one in drop:
        members.pop(one)
    of = whole if listed == "whole" else members
    hashed = lambda data: "sha256:" + hashlib.sha256(data).hexdigest()
    resources = [{"name": os.path.basename(one), "path": one, "hash": hashed(data), "bytes": len(data)} for one, data in of.items()]
    package = json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}).encode()
    members["datapackage.json"] = package
    if seal:
        members["datapackage-digest.json"] = json.dumps({"path": "datapackage.json", "hash": hashed(package)}).encode()
    with zipfile.ZipFile(os.path.join(A.folder, name), "w") as file:
        for one, data in members.items():
            file.writestr(zipfile.ZipInfo(one), data)


DAMAGED = [GOOD[0], GOOD[1].replace(b"river", b"brook"), GOOD[2]]
WACZS = {
    "whole": ("a whole package", {}),
    "no-archive": ("no web archive in it", {"drop": ["archive/crawl.warc.gz"]}),
    "no-pages": ("no list of pages", {"drop": ["pages/pages.jsonl"]}),
    "no-index": ("no index", {"drop": ["indexes/index.cdx"]}),
    "no-seal": ("no `datapackage-digest.json`", {"seal": False}),
    "unlisted": ("a file that the list does not have", {"change": {"NOTES": b"a name without a dot"}, "listed": "whole"}),
    "other-bytes": ("other bytes than the list says", {"change": {"pages/pages.jsonl": b"{}"}, "listed": "whole"}),
    "damaged-record": ("a damaged record under a right list", {"change": {"archive/crawl.warc.gz": pack(DAMAGED)}}),
    "no-digest": ("records without digests under a right list", {"change": {"archive/crawl.warc.gz": pack(without_digests(GOOD))}}),
}


def run(command):
    return subprocess.run(command, cwd=A.folder, capture_output=True, text=True, errors="replace", timeout=300)


def row(what, name, peer):
    theirs = run(peer + [name])
    ours = run([A.bin, "verify", "--format", "jsonl", "--quiet", name])
    found = [json.loads(line) for line in ours.stdout.splitlines()]
    rules = sorted({one["rule"] for one in found if one.get("severity") != "info"}) or sorted({one["rule"] for one in found})
    told = ", ".join(f"`{rule}`" for rule in rules) or "–"
    print(f"| {what} | {theirs.returncode} | {ours.returncode} | {told} | `vidimus verify {name}` |")


def table():
    print(f"\n| case | `warcio check` ends with | vidimus ends with | and says | command |\n|---|---|---|---|---|")
    for key, (what, data) in WARCS.items():
        name = key.replace(".gz", "") + (".warc.gz" if key.endswith(".gz") else ".warc")
        with open(os.path.join(A.folder, name), "wb") as file:
            file.write(data() if callable(data) else data)
        row(what, name, [os.path.join(A.peers, "warcio"), "check"])
    print(f"\n| case | `wacz validate` ends with | vidimus ends with | and says | command |\n|---|---|---|---|---|")
    for key, (what, how) in WACZS.items():
        wacz(key + ".wacz", **how)
        row(what, key + ".wacz", [os.path.join(A.peers, "wacz"), "validate", "-f"])


def large():
    """So many MB of pages of 4 to 400 kB, a third of them chunked."""
    name = os.path.join(A.folder, f"large-{A.size}.warc.gz")
    if not os.path.exists(name):
        chance, made, number = random.Random(7), 0, 10
        with open(name, "wb") as file:
            while made < A.size * 1_000_000:
                size = int(4_000 * 100 ** chance.random())
                words = chance.choices(WORDS, k=size // 5)
                words[::7] = (f"{chance.getrandbits(32):x}" for _ in words[::7])
                body = b"<p>" + " ".join(words).encode() + b"</p>"
                one = response(number, chunked(body), FIELDS) if number % 3 == 0 else response(number, body)
                file.write(gzip.compress(one, 6, mtime=0))
                made, number = made + len(one), number + 1
    return name


def timed(command):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    child = subprocess.Popen(command, cwd=A.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def speed():
    name = large()
    ours, theirs = [A.bin, "verify", "--quiet", name], [os.path.join(A.peers, "warcio"), "check", name]
    timed(ours)
    rounds = [(timed(ours), timed(theirs)) for _ in range(A.runs)]
    middle = lambda who, what: statistics.median(one[who][what] for one in rounds)
    print(f"\n{os.path.getsize(name) / 1e6:.0f} MB, {A.size} MB unpacked; medians of {A.runs} in turn")
    print("\n| | time | processor | peak memory |\n|---|---|---|---|")
    for who, called in enumerate(["`vidimus verify`", "`warcio check`"]):
        print(f"| {called} | {middle(who, 0):.2f} s | {middle(who, 1):.2f} s | {middle(who, 2):.0f} MB |")
    print(f"\nratio of processor time {middle(0, 1) / middle(1, 1):.2f}, of time {middle(0, 0) / middle(1, 0):.2f}")


# First what is timed: a child is charged with the memory that this process has when it starts.
speed()
table()
