// Corpora for the tests, of sentences of our own, with a manifest that records them truthfully; and the report on one of them.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.VIDIMUS ? resolve(process.env.VIDIMUS) : join(root, "target/debug/vidimus");

const digest = (text) => createHash("sha256").update(text).digest("hex");

/** A folder with these texts: each a path, its text, and more lines of its entry. */
export function corpus(title, texts) {
  const folder = mkdtempSync(join(tmpdir(), "vidimus-browser-"));
  let manifest = `vidimus: 1\ncorpus:\n  title: ${JSON.stringify(title)}\n  include: ["**/*.txt"]\n  license: CC0-1.0\n  language: en\nentries:\n`;
  for (const [path, text, more = []] of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    manifest += `  - path: ${JSON.stringify(path)}\n    sha256: "${digest(text)}"\n    bytes: ${Buffer.byteLength(text)}\n`;
    for (const line of more) manifest += `    ${line}\n`;
  }
  writeFileSync(join(folder, "manifest.yaml"), manifest);
  return folder;
}

/** Writes the report on a corpus, and gives its path and its findings. */
export function report(folder, args = []) {
  const page = join(folder, "report.html");
  const options = { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 };
  let json;
  try {
    json = execFileSync(program, ["check", "--today", "2026-01-01", "--format", "json", "--output", `html=${page}`, ...args], options);
  } catch (error) {
    if (error.status !== 1) throw error;
    json = error.stdout;
  }
  return { page, url: `file://${page}`, json: JSON.parse(json) };
}

export const remove = (folder) => rmSync(folder, { recursive: true, force: true });

const record = (number) => [
  `title: "Dispatch ${number} from the quay"`,
  `published_at: ${1990 + (number % 25)}-0${1 + (number % 9)}-11`,
  `source: {url: "https://paper${number % 9}.example.org/${number}", retrieved_at: 2020-03-0${1 + (number % 9)}}`,
];

const SHARED = "The keeper of the long mole lit the blue lamps at dusk, and one after the other the boats came in, slowly, with the tide behind them.";

/** A small corpus with errors, warnings and remarks, passages that stand twice, and a text that was changed. */
export function small() {
  const folder = corpus("The quay and the mole", [
    ["quay.txt", `The lamps of the quay\n\nAdvertisement\n\n${SHARED}\n\n\nNobody slept <b>well</b>.\n`, record(1)],
    ["mole.txt", `${SHARED.replace("blue", "red")}\n\nThe mole was empty by\n`, record(2)],
    ["tide.txt", "The tide tables were wrong that year.\n\nShare\n\nNobody said so.\n", record(3)],
  ]);
  writeFileSync(join(folder, "tide.txt"), "The tide tables were right that year.\n");
  return folder;
}

export const HOSTILE = `<script>window.ran = 1; alert("ran")</script>"'><img src=x onerror="window.ran = 1">\u202Eback\u0007bell`;

/** Everything that a text or a manifest may say is an attempt to leave its place. */
export function hostile() {
  const yaml = (text) => JSON.stringify(text).replaceAll("\u202E", "\\u202E");
  const long = `${HOSTILE} `.repeat(60).slice(0, 5000);
  return corpus(HOSTILE, [
    ["a.txt", `${HOSTILE}\n\nAdvertisement\n\n${long}\n\n${SHARED} ${HOSTILE}\n\n\nThe <b>end</b>  \n`, [
      `title: ${yaml(HOSTILE)}`,
      `author: [${yaml(HOSTILE)}]`,
      `source: {url: ${yaml(`javascript:${HOSTILE}`)}, retrieved_at: 2020-01-01}`,
      `accepted: [{rule: layout/stray-label, passage: "0000", reason: ${yaml(HOSTILE)}}]`,
      `edits: [{from: "${digest("x")}", to: "${digest("y")}", at: 2020-01-01T00:00:00Z, reason: ${yaml(HOSTILE)}, rules: [${yaml(HOSTILE)}]}]`,
    ]],
    ["b.txt", `${SHARED} ${HOSTILE}\n`, [`title: ${yaml(`</title></h3></section>${HOSTILE}`)}`]],
  ]);
}

/** Many texts, each with a few findings of its own. */
export function many(count) {
  const names = ["lamp", "boat", "rope", "sail", "gull", "tide", "mole", "quay"];
  const text = (number) => {
    const words = Array.from({ length: 60 }, (_, index) => `${names[(number * 7 + index * index) % 8]} ${(number * 31 + index * 17) % 997}`);
    return `Dispatch ${number}\n\nAdvertisement\n\nThe log of day ${number} names ${words.join(", ")}.\n\n\nIt ends <i>here</i>.\n`;
  };
  return corpus("Two thousand dispatches", Array.from({ length: count }, (_, number) => [`d/${String(number).padStart(5, "0")}.txt`, text(number), record(number)]));
}
