// The desk by keyboard alone: moving, opening, writing, leaving; the focus is always seen, and neither focus nor draft
// is lost when the screen refreshes itself or is loaded anew.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compose, newVisitor, openBrowser, signIn } from "./browser.mjs";
import { INBOX, people, startDesk } from "./desk.mjs";
import { mailThat, send } from "./mail.mjs";

const CUSTOMER = { name: "Zoé Lambert", address: "zoe.lambert@exemple.fr" };
const SUBJECT = "Tiroir coincé";
const DRAFT = "Bonjour Madame Lambert, voici comment";

let browser;
let desk;
let agent;
let page;

before(async () => {
  [browser, desk] = await Promise.all([openBrowser(), startDesk()]);
  agent = await newVisitor(browser, desk, "fr");
  page = agent.page;
  await signIn(page, people.camille);
  await page.waitForURL("**/cases**");
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

const focused = () => page.evaluate(() => document.activeElement.closest("li.case")?.id ?? document.activeElement.tagName);

test("the skip link comes first, is seen and leads to the content", async () => {
  await page.goto("/cases?view=all");
  await page.keyboard.press("Tab");
  const skip = page.locator(".skip:focus");
  await skip.waitFor();
  assert.ok((await skip.boundingBox()).y >= 0, "it is on screen while it has the focus");
  await page.keyboard.press("Enter");
  await page.locator("#main:focus").waitFor();
});

test("j and k move from case to case, with the focus in sight", async () => {
  await page.goto("/cases?view=all");
  const ids = await page.locator("li.case").evaluateAll((rows) => rows.map((row) => row.id));
  assert.ok(ids.length > 12, "the list is longer than the screen");
  for (const [key, expected] of [["j", 0], ["j", 1], ["j", 2], ["k", 1], ["k", 0], ["k", 0]]) {
    await page.keyboard.press(key);
    assert.equal(await focused(), ids[expected], `after ${key}`);
  }
  for (let moves = 0; moves < ids.length + 2; moves += 1) await page.keyboard.press("j");
  assert.equal(await focused(), ids.at(-1));
  await assertFocusSeen();
});

// Something is drawn around what has the focus or its row, and it lies within the window.
async function assertFocusSeen() {
  const seen = await page.evaluate(() => {
    const link = document.activeElement;
    const row = link.closest("li") ?? link;
    const { top, bottom } = row.getBoundingClientRect();
    const isDrawn = [link, row].some((one) => parseFloat(getComputedStyle(one).outlineWidth) >= 2 && getComputedStyle(one).outlineStyle !== "none");
    return { isDrawn, isInside: top >= 0 && bottom <= innerHeight };
  });
  assert.deepEqual(seen, { isDrawn: true, isInside: true });
}

test("every stop of the Tab key on a list and on a case is seen", async () => {
  for (const path of ["/cases?view=mine", await firstCase()]) {
    await page.goto(path);
    for (let stops = 0; stops < 25; stops += 1) {
      await page.keyboard.press("Tab");
      const hidden = await page.evaluate(() => {
        const one = document.activeElement;
        if (one === document.body || one.closest(".editor, textarea")) return null;
        const shown = [one, one.closest("li, form"), one.nextElementSibling, one.querySelector("span")].filter(Boolean);
        const isDrawn = (it) => getComputedStyle(it).outlineStyle !== "none" || getComputedStyle(it).boxShadow !== "none";
        return shown.some(isDrawn) ? null : one.outerHTML.slice(0, 120);
      });
      assert.equal(hidden, null, "the focus is drawn");
    }
  }
});

async function firstCase() {
  await page.goto("/cases?view=mine");
  return page.locator("li.case a").first().getAttribute("href");
}

test("Enter opens, u comes back to the same list, ? helps, Escape closes", async () => {
  await page.goto("/cases?view=waiting");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/cases/*-*");
  await page.keyboard.press("?");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("j");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.keyboard.press("u");
  await page.waitForURL("**/cases?view=waiting");
});

test("a draft and the focus survive live changes, a draft survives a reload", async () => {
  await send(desk.smtp, { from: CUSTOMER, to: INBOX, subject: SUBJECT, text: "Bonjour, le tiroir ne s’ouvre plus." });
  await page.goto("/cases?view=unassigned");
  await page.getByRole("link", { name: SUBJECT }).click();
  const editor = page.locator("[data-kind=reply] .editor");
  await compose(page, "r");
  await page.keyboard.type(DRAFT);

  const receipt = await mailThat(desk.url, "the receipt", (mail) => mail.header("to").includes(CUSTOMER.address));
  await send(desk.smtp, { from: CUSTOMER, to: receipt.header("reply-to"), subject: SUBJECT, text: "J’oubliais : celui du haut." });
  await page.locator("#timeline").getByText("celui du haut").waitFor();
  await page.locator("[data-kind=reply] .editor:focus").waitFor();
  await page.keyboard.type(" faire.");
  assert.equal((await editor.textContent()).trim(), `${DRAFT} faire.`, "typing went on where it was");

  await page.reload();
  await editor.getByText(`${DRAFT} faire.`).waitFor();
  await page.getByText("Brouillon retrouvé.").waitFor({ state: "attached" });
});

test("a reply that crosses the customer's own message is kept and asked about, then sent", async () => {
  const editor = page.locator("[data-kind=reply] .editor");
  const receipt = await mailThat(desk.url, "the receipt", (mail) => mail.header("to").includes(CUSTOMER.address));
  await send(desk.smtp, { from: CUSTOMER, to: receipt.header("reply-to"), subject: SUBJECT, text: "C’est bon, il s’est ouvert !" });
  await page.locator("#timeline").getByText("il s’est ouvert").waitFor();
  agent.expectRefusal(`${new URL(page.url()).pathname}/replies`);
  await editor.click();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("alert").getByText("Le dossier a changé pendant que vous écriviez").waitFor();
  await editor.getByText(`${DRAFT} faire.`).click();
  await page.keyboard.press("Control+Enter");
  await page.locator(".flash").getByText("Réponse envoyée.").waitFor();
  assert.equal(await page.locator(".message.is-outbound:not(.is-automatic)").count(), 1, "it left once");
  agent.assertQuiet();
});
