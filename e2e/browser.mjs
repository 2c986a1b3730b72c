// Chromium as a person uses it, and as we watch it: whatever the console, the content security policy or the network
// complains about fails the test that drove it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { PASSWORD } from "./desk.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ARGS = [
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync",
];
// Everything is awaited by what appears; this is only how long we wait before we say that it does not.
const PATIENCE_MILLISECONDS = 10_000;
const locales = { fr: "fr-FR", en: "en-GB" };

export async function openBrowser() {
  const executablePath = process.env.SUIVI_CHROMIUM;
  assert.ok(executablePath, "SUIVI_CHROMIUM is not set: run `cargo xtask ci --only browser`");
  // Chromium's own sandbox does not work as root, which is who runs CI.
  const args = process.getuid?.() === 0 ? ["--no-sandbox", ...ARGS] : ARGS;
  return chromium.launch({ executablePath, args });
}

// A browser profile of its own: nothing is shared with the others. `complaints` is what it should never have.
export async function newVisitor(browser, desk, language, options = {}) {
  const context = await browser.newContext({
    baseURL: desk.url,
    locale: locales[language],
    timezoneId: "Europe/Paris",
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MILLISECONDS);
  const complaints = [];
  const refused = new Set();
  context.on("console", (message) => {
    const isExpected = refused.has(message.location().url) && message.text().startsWith("Failed to load resource");
    // htmx's word on a request that failed; which ones matter is told apart below.
    const isTwice = message.text().includes("TypeError: Failed to fetch");
    if (["error", "warning"].includes(message.type()) && !isExpected && !isTwice) {
      complaints.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => complaints.push(`script: ${error.error()}`));
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== desk.url && protocol !== "data:") complaints.push(`foreign request: ${request.url()}`);
  });
  context.on("requestfailed", (request) => {
    // A page that is left takes its requests with it.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  const page = await context.newPage();
  return {
    context,
    page,
    // Says that an address will rightly answer with an error, which Chromium writes to the console.
    expectRefusal: (path) => refused.add(new URL(path, desk.url).href),
    assertQuiet: () => assert.deepEqual(complaints, [], "the browser has nothing to complain about"),
  };
}

export async function signIn(page, email, password = PASSWORD) {
  await page.goto("/sign-in");
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(password);
  await page.locator(".card button.primary").click();
}

// Opens the composer by its key: r, n or p. Keys count once the page's scripts have run.
export async function compose(page, key) {
  const kind = { r: "reply", n: "note", p: "proposal" }[key];
  await page.waitForLoadState("load");
  await page.locator(`[data-kind=${kind}] .editor`).waitFor({ state: "attached" });
  await page.keyboard.press(key);
  await page.locator(`[data-kind=${kind}] .editor:focus`).waitFor();
}

// axe's findings, each with the elements it is about; `rules` limits it to some.
export async function axe(page, rules) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  return page.evaluate(async (rules) => {
    const options = rules ? { runOnly: { type: "rule", values: rules } } : {};
    const { violations } = await globalThis.axe.run(document, { ...options, resultTypes: ["violations"] });
    const why = (node) => node.any.concat(node.all, node.none).map((check) => check.message).join("; ");
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}: ${why(node)}`));
  }, rules);
}
