#!/usr/bin/env python3
"""Fit the weights of the score of a line (src/text/line_score/weights.rs) to labelled texts. Needs numpy.

  cargo build --release --example line_features
  fit_lines.py --data DIR SET... [--write]

DIR/SET has docs.tsv (doc, site), labels.tsv (doc, line, label) and docs/DOC.txt. The label is `boilerplate` for a line of the
page, `content` for one of the text; others are passed over. A set named `SET:crop` is cut to what stands around the first and the
last line of content, as an extraction would leave it.

What is seen of a line is asked of the program (examples/line_features.rs), so that script and program cannot disagree. The model is
a logistic regression with a penalty on the squares of the weights. Reported are precision, recall and F1 at the threshold 0 for lines
that the fit has seen, for texts and for whole sites left out of it: only the last says what to expect of pages nobody has seen.
"""
import argparse, csv, os, subprocess, sys, tempfile, zlib

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(here, "../src/text/line_score/weights.rs")
ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--data", required=True)
ap.add_argument("--bin", default=os.path.join(here, "../target/release/examples/line_features"))
ap.add_argument("--penalty", type=float, default=8.0, help="of the squares of the weights")
ap.add_argument("--folds", type=int, default=5)
ap.add_argument("--write", action="store_true", help="write the table")
ap.add_argument("sets", nargs="+")
A = ap.parse_args()


def table(path):
    with open(path, encoding="utf-8") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def cropped(text, labels, doc):
    """The lines from a few before the first content to a few after the last, as a new text with its labels."""
    lines = text.split("\n")
    content = [n for n in labels if labels[n] == "content"]
    if not content:
        return None
    before, after = zlib.crc32(doc.encode()) % 7, zlib.crc32(doc.encode()) // 7 % 14
    first, last = max(1, min(content) - before), min(len(lines), max(content) + after)
    return "\n".join(lines[first - 1 : last]), {n - first + 1: l for n, l in labels.items() if first <= n <= last}


def read(name, folder):
    """Every text of a set: path, site, labels by line."""
    base, _, crop = name.partition(":")
    root = os.path.join(A.data, base)
    labels = {}
    for r in table(os.path.join(root, "labels.tsv")):
        labels.setdefault(r["doc"], {})[int(r["line"])] = r["label"]
    for r in (r for r in table(os.path.join(root, "docs.tsv")) if r["doc"] in labels):
        doc = r["doc"]
        path = os.path.join(root, "docs", doc + ".txt")
        # Without a site, the page is one: an extractor's name stands before its id.
        site = r.get("site") or doc.split("-", 1)[-1]
        if crop:
            cut = cropped(open(path, encoding="utf-8").read(), labels[doc], doc)
            if cut is None:
                continue
            path = os.path.join(folder, f"{base}-{doc}.txt")
            open(path, "w", encoding="utf-8").write(cut[0])
            yield path, site, base, cut[1]
        else:
            yield path, site, name, labels[doc]


def features(paths):
    out = subprocess.run([A.bin], input="\n".join(paths), capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        path, first, _, rows = line.split("\t")
        yield path, int(first), [int(r) for r in rows.split()]


def fit(rows, y, weight, count):
    """Weights by Newton's method; `rows` are the rows of the table that hold for each line."""
    X = np.zeros((len(y), count), dtype=np.float32)
    np.put_along_axis(X, rows, 1.0, axis=1)
    X[:, 0] = 1
    w = np.zeros(count)
    penalty = np.full(count, A.penalty)
    penalty[0] = 1e-3
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(X @ w, -30, 30)))
        gradient = X.T @ (weight * (p - y)) + penalty * w
        curve = weight * p * (1 - p) + 1e-6
        hessian = (X * curve[:, None].astype(np.float32)).T @ X + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-3:
            break
    return w


def score(w, rows):
    return w[rows].sum(axis=1)


def measure(label, y, s, least=0.0):
    tp, fp, fn = ((s >= least) & y).sum(), ((s >= least) & ~y).sum(), ((s < least) & y).sum()
    p, r = tp / max(1, tp + fp), tp / max(1, tp + fn)
    order = np.argsort(-s)
    precision = np.cumsum(y[order]) / np.arange(1, len(y) + 1)
    at = np.nonzero(precision >= 0.9)[0]
    at = at[-1] + 1 if len(at) else 0
    best = max((2 * tp / max(1, tp + fp + y.sum()), t) for t in np.arange(-2, 2.1, 0.25) for tp, fp in [(((s >= t) & y).sum(), ((s >= t) & ~y).sum())])
    print(f"{label:44s} P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f}  recall at P .90: {y[order][:at].sum() / max(1, y.sum()):.3f} (score {s[order[max(0, at - 1)]]:.2f})  best F1 {best[0]:.3f} at {best[1]:.2f}")


def main():
    names = [l.rstrip("\n").split("\t") for l in subprocess.run([A.bin, "--rows"], capture_output=True, text=True, check=True).stdout.splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        texts = [t for name in A.sets for t in read(name, folder)]
        by_path = {t[0]: t for t in texts}
        rows, y, site, doc, of = [], [], [], [], []
        for path, line, row in features([t[0] for t in texts]):
            _, s, name, labels = by_path[path]
            if labels.get(line) in ("content", "boilerplate"):
                rows.append([0] + row)
                y.append(labels[line] == "boilerplate")
                site.append(s)
                doc.append(path)
                of.append(name)
    rows, y, of = np.array(rows), np.array(y), np.array(of)
    # A site has more say with more lines, but not in proportion: one with a hundred pages is still one site.
    count = {s: site.count(s) for s in set(site)}
    weight = np.array([min(1.0, (400 / count[s]) ** 0.5) for s in site])
    fold = lambda keys: np.array([zlib.crc32(k.encode()) % A.folds for k in keys])
    say = lambda label, s: [measure(f"{label}, {name}", y[of == name], s[of == name]) for name in dict.fromkeys(of)]
    w = fit(rows, y, weight, len(names))
    # What one text can say is the sum without a word on recurrence.
    recurrence = [i for i, n in enumerate(names) if n[0] == "pages with it"]
    w[0] += w[recurrence[0]]
    w[recurrence] -= w[recurrence[0]]
    say("seen in the fit", score(w, rows))
    for label, keys in (("texts left out", doc), ("sites left out", site)):
        out, folds = np.zeros(len(y)), fold(keys)
        for k in range(A.folds):
            part = folds == k
            if part.any():
                out[part] = score(fit(rows[~part], y[~part], weight[~part], len(names)), rows[part])
        say(label, out)
    if A.write:
        write(names, w)


def write(names, w):
    with open(TABLE, "w", encoding="utf-8") as f:
        f.write("//! The weights of the score of a line, by group and value, in logits. Written by `benches/fit_lines.py`.\n\n")
        f.write("/// What each thing that is seen of a line counts.\n#[rustfmt::skip]\n")
        f.write("pub static WEIGHTS: &[(&str, &str, f32)] = &[\n")
        for name, value in zip(names, w):
            group, bin = (name + [""])[:2]
            f.write(f'    ("{group}", "{bin}", {value:.2f}),\n')
        f.write("];\n")


main()
