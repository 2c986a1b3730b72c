// Without JavaScript: an agent signs in and answers in the plain text area, a customer confirms by the private link.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newVisitor, openBrowser, signIn } from "./browser.mjs";
import { people, startDesk } from "./desk.mjs";
import { mailThat } from "./mail.mjs";

const SUBJECT = "Fauteuil Basile, un pied plus court";
const ANSWER = "Bonjour Monsieur Oudjani,\n\nLe pied manquant part demain.\nGardez l’ancien.";
const PROPOSAL = "Un pied neuf, et un tournevis avec.";

test("the desk and the private link work without JavaScript", async (t) => {
  const [browser, desk] = await Promise.all([openBrowser(), startDesk()]);
  try {
    const agent = await newVisitor(browser, desk, "fr", { javaScriptEnabled: false });
    const { page } = agent;

    await t.test("an agent signs in and opens a case", async () => {
      await signIn(page, people.sophie);
      await page.locator("#view-all").click();
      await page.getByRole("link", { name: SUBJECT }).click();
      await page.getByRole("heading", { level: 1, name: SUBJECT }).waitFor();
    });

    await t.test("the plain text area answers", async () => {
      await page.locator("#body-reply").fill(ANSWER);
      await page.locator("[data-kind=reply] select[name=then]").selectOption("waiting_customer");
      await page.locator("[data-kind=reply] button.primary").click();
      await page.getByText("Réponse envoyée.").waitFor();
      await page.locator(".case-facts .pill").getByText("En attente du client").waitFor();
      const mail = await mailThat(desk.url, "the answer", (one) => one.text.includes(ANSWER));
      assert.match(mail.html, /Le pied manquant part demain\.<br ?\/?>\s*Gardez l’ancien\./, "lines stay lines");
    });

    await t.test("a note is added by its own form", async () => {
      await page.locator(".kind-note input").check();
      await page.locator("#body-note").fill("Vu avec l’atelier.");
      await page.locator("[data-kind=note] button.note-button").click();
      await page.getByText("Note ajoutée.").waitFor();
      assert.equal(await page.locator(".message.is-note").getByText("Vu avec l’atelier.").count(), 1);
    });

    await t.test("the customer confirms by the private link", async () => {
      await page.locator(".kind-proposal input").check();
      await page.locator("#body-proposal").fill(PROPOSAL);
      await page.locator("[data-kind=proposal] button.primary").click();
      await page.getByText("Solution envoyée au client.").waitFor();
      const mail = await mailThat(desk.url, "the proposal", (one) => one.text.includes(PROPOSAL));
      const customer = await newVisitor(browser, desk, "fr", { javaScriptEnabled: false });
      await customer.page.goto(mail.link);
      await customer.page.locator(".solution").getByText(PROPOSAL).waitFor();
      await customer.page.getByRole("button", { name: "Oui, c’est réglé" }).click();
      await customer.page.getByRole("heading", { name: "C’est réglé" }).waitFor();
      await page.reload();
      await page.locator(".case-facts .pill").getByText("Clos, confirmé").waitFor();
      customer.assertQuiet();
    });

    await t.test("language and theme are chosen by form", async () => {
      await page.locator(".top > .preferences .language").click();
      await page.locator("html[lang=en]").waitFor();
      await page.locator(".top > .preferences button[value=dark]").click();
      await page.locator("html[data-bs-theme=dark]").waitFor();
      await page.getByRole("heading", { level: 1, name: SUBJECT }).waitFor();
      agent.assertQuiet();
    });
  } finally {
    await browser.close();
    await desk.stop();
  }
});
