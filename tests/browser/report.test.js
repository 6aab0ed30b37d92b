// The HTML report in a browser, opened from a file as its reader opens it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

import { HOSTILE, hostile, many, remove, report, small } from "./corpora.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ARGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

let browser;
const folders = [];
const made = {};

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
  for (const [name, make] of Object.entries({ small, hostile })) {
    folders.push(make());
    made[name] = report(folders.at(-1));
  }
});

after(async () => {
  await browser?.close();
  folders.forEach(remove);
});

/** Opens a page, and fails on an error of its script, a request of it, or a dialog. */
async function open(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && wrong.push(`console: ${message.text()}`));
  page.on("request", (request) => request.url() !== url.split("#")[0] && wrong.push(`request: ${request.url()}`));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(url);
  return { page, close: async () => { await context.close(); assert.deepEqual(wrong, []); } };
}

const shown = (page) => page.locator(".f:visible").count();
const all = () => made.small.json.findings.length;

test("every finding is there, with the counts of the report", async () => {
  const { page, close } = await open(made.small.url);
  const { summary, findings } = made.small.json;
  assert.equal(await page.locator(".f").count(), findings.length);
  for (const finding of findings) assert.equal(await page.locator(`#f-${finding.fingerprint}`).count(), 1, finding.rule);
  assert.equal(await page.locator(".c-verified dd").textContent(), String(summary.verified));
  assert.equal(await page.locator(".c-changed dd").textContent(), "1");
  assert.match(await page.locator(".verdict").textContent(), /^Of 3 texts, 2 are as recorded; 1 is changed\./);
  assert.equal(await page.locator("#provenance tbody tr").count() >= 3, true);
  await close();
});

test("charts have a title, a description and a table", async () => {
  const { page, close } = await open(made.small.url);
  for (const id of ["sources", "timeline", "map"]) {
    assert.ok(await page.locator(`#${id}-title`).textContent(), id);
    assert.ok(await page.locator(`#${id}-desc`).textContent(), id);
  }
  assert.equal(await page.locator("figure details table").count(), 3);
  await close();
});

test("passages stand beside each other with the words that differ", async () => {
  const { page, close } = await open(made.small.url);
  const marks = await page.locator("#passages .sides mark").allTextContents();
  assert.deepEqual(marks.slice(0, 2).sort(), ["blue", "red"]);
  await close();
});

test("filters by severity, family, state and text, and is reset", async () => {
  const { page, close } = await open(made.small.url);
  const count = (fits) => made.small.json.findings.filter(fits).length;
  await page.locator("input[value=info]").uncheck();
  assert.equal(await shown(page), count((one) => one.severity !== "info"));
  await page.locator("button[type=reset]").click();
  await page.waitForFunction(() => document.querySelectorAll(".f[hidden]").length === 0);
  assert.equal(await shown(page), all());
  await page.locator("#fam").selectOption("layout");
  assert.equal(await shown(page), count((one) => one.rule.startsWith("layout/")));
  await page.locator("#state").selectOption("accepted");
  assert.equal(await shown(page), 0);
  assert.ok(await page.locator("#none").isVisible());
  await page.locator("button[type=reset]").click();
  await page.waitForFunction(() => document.querySelectorAll(".f[hidden]").length === 0);
  await page.locator("#text").selectOption({ label: "Dispatch 3 from the quay" });
  assert.equal(await shown(page), count((one) => one.path === "tide.txt"));
  await close();
});

test("searches words of a finding and names of a text", async () => {
  const { page, close } = await open(made.small.url);
  await page.locator("#q").fill("BLANK-run quay.txt");
  await page.waitForFunction((count) => document.querySelectorAll(".f[hidden]").length === count, all() - 1);
  assert.match(await page.locator(".f:visible").textContent(), /layout\/blank-run/);
  assert.equal(await page.locator("#said").textContent(), `1 of ${all()}`);
  await close();
});

test("a deep link leads to its finding, also where it is filtered out", async () => {
  const { fingerprint } = made.small.json.findings.at(-1);
  const { page, close } = await open(`${made.small.url}#f-${fingerprint}`);
  assert.ok(await page.locator(`#f-${fingerprint}`).isVisible());
  assert.equal(await page.evaluate(() => document.activeElement.id), `f-${fingerprint}`);
  const top = await page.locator(`#f-${fingerprint}`).evaluate((element) => element.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 900, `it is at ${top}`);
  await page.locator("#q").fill("no such words");
  await page.waitForFunction(() => !document.querySelector(".f:not([hidden])"));
  const other = made.small.json.findings[0].fingerprint;
  await page.evaluate((id) => { location.hash = id; }, `f-${other}`);
  await page.locator(`#f-${other}`).waitFor({ state: "visible" });
  await close();
});

test("every link within the page leads somewhere, and others lead to the web", async () => {
  const { page, close } = await open(made.small.url);
  const links = await page.locator("a[href]").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  for (const href of new Set(links)) {
    if (href.startsWith("#")) assert.equal(await page.locator(`[id="${href.slice(1)}"]`).count(), 1, href);
    else assert.match(href, /^https?:\/\//);
  }
  await close();
});

test("keys search, walk and explain themselves", async () => {
  const { page, close } = await open(made.small.url);
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.type("j");
  assert.equal(await page.locator("#q").inputValue(), "j");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelectorAll(".f[hidden]").length === 0);
  const here = () => page.evaluate(() => document.activeElement.id);
  const ids = await page.locator(".f").evaluateAll((all) => all.map((one) => one.id));
  await page.keyboard.press("j");
  assert.equal(await here(), ids[0]);
  await page.keyboard.press("j");
  assert.equal(await here(), ids[1]);
  await page.keyboard.press("k");
  assert.equal(await here(), ids[0]);
  await page.keyboard.press("?");
  assert.ok(await page.locator("#keys").isVisible());
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("#keys").isVisible()));
  await close();
});

test("everything is there without scripts, and the filter is not", async () => {
  const { page, close } = await open(made.small.url, { javaScriptEnabled: false });
  assert.equal(await shown(page), all());
  assert.ok(!(await page.locator("#bar").isVisible()));
  assert.ok(await page.locator(".fix .d").first().isVisible());
  await close();
});

test("prints to PDF with everything in it", async () => {
  const { page, close } = await open(made.small.url);
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.locator("#bar").isVisible()));
  assert.equal(await shown(page), all());
  await close();
});

test("is dark where the reader wants it dark", async () => {
  const paper = async (colorScheme) => {
    const { page, close } = await open(made.small.url, { colorScheme });
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await close();
    return colour.match(/\d+/g).map(Number).reduce((a, b) => a + b);
  };
  assert.ok((await paper("dark")) < 150 && (await paper("light")) > 700);
});

test("nothing runs over a narrow screen", async () => {
  for (const name of ["small", "hostile"]) {
    const { page, close } = await open(made[name].url, { viewport: { width: 400, height: 800 } });
    await page.addStyleTag({ content: ".t, .p { content-visibility: visible !important }" }).catch(() => {});
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 400), name);
    await close().catch((error) => { if (!/Content Security Policy/.test(error.message)) throw error; });
  }
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1200, 400]) {
    test(`axe finds nothing serious, ${colorScheme}, ${width} wide`, async () => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      const page = await context.newPage();
      await page.goto(made.small.url);
      await page.addStyleTag({ content: ".t, .p { content-visibility: visible !important }" });
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      const said = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 4).map((node) => `${node.html} (${node.failureSummary})`).join("\n  ")}`);
      assert.deepEqual(said, []);
      await context.close();
    });
  }
}

test("hostile text is text", async () => {
  const { page, close } = await open(made.hostile.url);
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.equal(await page.locator("script").count(), 1);
  assert.equal(await page.locator("img").count(), 0);
  assert.ok((await page.title()).startsWith("<script>"));
  const heading = await page.locator("h1").textContent();
  assert.equal(heading, HOSTILE.replace("\u202E", "\\u{202e}").replace("\u0007", "\\u{7}"));
  const html = readFileSync(made.hostile.page, "utf8");
  assert.doesNotMatch(html, /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2066-\u2069]/u);
  assert.equal(await page.locator('a[href^="javascript" i]').count(), 0);
  const longest = await page.locator(".x p").evaluateAll((all) => Math.max(...all.map((one) => one.textContent.length)));
  assert.ok(longest < 1500, `a line of ${longest} characters`);
  await close();
});

test("two thousand texts open with the right counts", async () => {
  const folder = many(2000);
  folders.push(folder);
  const { url, json } = report(folder);
  const { page, close } = await open(url);
  assert.equal(await page.locator("section.t").count() >= 2000, true);
  assert.equal(await page.locator(".prov tbody tr").count(), 2000);
  assert.equal(await page.locator(".c-listed dd").textContent(), "2,000");
  const told = await page.locator(".f").count();
  const left = await page.locator("section.t > .rest").allTextContents();
  const more = left.map((line) => Number(/^And ([\d]+) finding/.exec(line)?.[1] ?? 0)).reduce((a, b) => a + b, 0);
  assert.equal(told + more, json.findings.length);
  await page.locator("#q").fill("dispatch 1234 from");
  // Another text may name it, or hold these words: a few at most.
  await page.waitForFunction(() => document.querySelectorAll("section.t:not([hidden])").length < 10);
  assert.ok(await page.locator("section.t", { hasText: "Dispatch 1234 from" }).first().isVisible());
  await close();
});
