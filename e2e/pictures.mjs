// Takes the pictures of the README from a demonstration desk: `node pictures.mjs` with SUIVI_BIN and SUIVI_CHROMIUM set.
// They are looked at by eye before they are committed.

import { newVisitor, openBrowser, signIn } from "./browser.mjs";
import { people, startDesk } from "./desk.mjs";

const [browser, desk] = await Promise.all([openBrowser(), startDesk()]);
try {
  const { page } = await newVisitor(browser, desk, "fr");
  await signIn(page, people.sophie);
  await page.locator("#view-all").click();
  await page.getByRole("heading", { level: 1, name: "Tous les dossiers" }).waitFor();
  await page.mouse.move(1439, 899);
  await page.screenshot({ path: "../docs/list.png" });
  await page.getByRole("link", { name: "Étincelle à la prise" }).click();
  await page.locator(".editor").first().waitFor();
  await page.mouse.move(1439, 899);
  await page.screenshot({ path: "../docs/desk.png" });
} finally {
  await browser.close();
  await desk.stop();
}
