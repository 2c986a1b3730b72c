// A customer on a phone, with and without JavaScript: the form, what it says beforehand, the private page, and back to it
// when the solution was none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compose, newVisitor, openBrowser, signIn } from "./browser.mjs";
import { people, startDesk } from "./desk.mjs";
import { mailThat } from "./mail.mjs";

const PHONE = { width: 360, height: 740 };
const FORM = "/f/garance/contact";
// A red square.
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsAtmEhMbywi+hcEKLNP1WgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgvejeE8mULd4AAAAABJRU5ErkJggg==", "base64");
// Nobody fills a form in faster.
const SECONDS = 3_500;

test("form, private page, reopening on a phone", async (t) => {
  const [browser, desk] = await Promise.all([openBrowser(), startDesk()]);
  try {
    for (const javaScriptEnabled of [false, true]) {
      await t.test(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => walk(browser, desk, javaScriptEnabled));
    }
  } finally {
    await browser.close();
    await desk.stop();
  }
});

async function walk(browser, desk, javaScriptEnabled) {
  const address = javaScriptEnabled ? "avec@exemple.fr" : "sans@exemple.fr";
  const product = javaScriptEnabled ? "Lampe Ondine" : "Tapis Alma";
  const customer = await newVisitor(browser, desk, "fr", { javaScriptEnabled, viewport: PHONE });
  const { page } = customer;

  await page.goto(FORM);
  await page.locator(".conditions li").first().waitFor();
  await page.locator("#what").fill("Elle est arrivée cassée, et le carton était intact.");
  await page.locator("#product").fill(product);
  await page.locator("#email").fill(address);
  await page.locator("input[type=file]").setInputFiles({ name: "preuve.png", mimeType: "image/png", buffer: PICTURE });
  await assertFits(page);
  await page.waitForTimeout(SECONDS);
  await page.locator("button[value=review]").click();
  await page.locator(".answers").getByText(product).waitFor();
  await page.locator(".answers").getByText("preuve.png").waitFor();
  await assertFits(page);
  await page.locator("button[value=send]").click();
  await page.locator(".state.is-done").waitFor();
  await assertFits(page);
  await page.locator("a.button.wide").click();
  await page.locator(".exchange .is-theirs").getByText("le carton était intact").waitFor();
  await page.locator(".exchange .files img").waitFor();
  await assertFits(page);
  await shoot(page, `walk-tracking-${javaScriptEnabled}`);

  const receipt = await mailThat(desk.url, "the receipt", (one) => one.header("to").includes(address));
  const link = receipt.link;

  const agent = await newVisitor(browser, desk, "fr");
  await signIn(agent.page, people.sophie);
  await agent.page.goto(`/search?q=${encodeURIComponent(product)}`);
  await agent.page.locator(".found-head a").first().click();
  await agent.page.locator(".message .files img").first().waitFor();
  await compose(agent.page, "p");
  await agent.page.keyboard.type("Nous vous en envoyons une autre demain.");
  await agent.page.locator("[data-kind=proposal] input[type=file]").setInputFiles({ name: "bon-de-retour.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") });
  await shoot(agent.page, `walk-composer-${javaScriptEnabled}`);
  await agent.page.locator("[data-kind=proposal] button.primary").click();
  await agent.page.getByText("Solution envoyée au client.").waitFor();

  await page.goto(link);
  await page.locator(".solution").getByText("une autre demain").waitFor();
  await page.locator(".exchange .files").getByText("bon-de-retour.pdf").waitFor();
  await page.locator(".reopen > summary").first().click();
  await page.locator(".reopen textarea").first().fill("Elle est cassée elle aussi.");
  await page.locator(".reopen form button").first().click();
  await page.locator(".exchange .is-theirs").getByText("cassée elle aussi").waitFor();
  await assertFits(page);
  await agent.page.reload();
  await agent.page.getByText("Elle est cassée elle aussi.").first().waitFor();
  assert.equal(await page.locator(".solution form").count(), 0, "what was refused cannot be confirmed");
  customer.assertQuiet();
  agent.assertQuiet();
  await Promise.all([customer.context.close(), agent.context.close()]);
}

async function shoot(page, name) {
  if (process.env.SUIVI_SHOTS === "1") await page.screenshot({ path: `shots/${name}.png`, fullPage: true });
}

async function assertFits(page) {
  // Without JavaScript in the page the browser itself still measures.
  const { scrollWidth } = await page.locator("html").boundingBox().then((box) => ({ scrollWidth: box.width }));
  assert.ok(scrollWidth <= PHONE.width, `${page.url()} is ${scrollWidth} px wide`);
}
