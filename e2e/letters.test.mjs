// Letters that became no case, and cases that become one: the three shelves and the rules, merging and separating, the
// banner after a mail came back, pictures that are fetched only when asked for. In both languages, wide and on a phone,
// with axe. With SUIVI_SHOTS=1 pictures go to e2e/shots/.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, compose, newVisitor, openBrowser, signIn } from "./browser.mjs";
import { INBOX, people, startDesk } from "./desk.mjs";
import { mailThat, send } from "./mail.mjs";
import { letterWords } from "./words.mjs";

const SIZES = { 1440: { width: 1440, height: 900 }, 360: { width: 360, height: 800 } };
const PICTURE = "https://images.exemple.fr/pixel.png?lu=42";
// The smallest PNG there is.
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const withShots = process.env.SUIVI_SHOTS === "1";

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser?.close());

for (const language of ["fr", "en"]) {
  test(`letters, merges, bounces and pictures, ${language}`, async (t) => {
    const desk = await startDesk();
    try {
      const agent = await newVisitor(browser, desk, language);
      const walk = { desk, language, agent, page: agent.page, say: letterWords[language] };
      await signIn(agent.page, people.sophie);
      await agent.page.waitForURL("**/cases**");
      for (const [name, step] of steps) {
        let failure;
        await t.test(name, () => step(walk).catch((error) => { failure = error; throw error; }));
        if (failure) return;
      }
      agent.assertQuiet();
    } finally {
      await desk.stop();
    }
  });
}

const steps = [
  ["each letter is on its shelf, with its reason", shelves],
  ["a rule keeps letters out, until it is removed", rules],
  ["a sender is accepted, and has a case", accept],
  ["a case is opened from junk", openFromJunk],
  ["two cases are merged, and the old one says so", merge],
  ["they are separated again", separate],
  ["a mail that comes back is told above all", bounce],
  ["pictures from elsewhere are fetched only when asked for", pictures],
];

// Looks at the page wide and narrow: a picture, nothing sticks out, axe is silent.
async function look({ page, language }, name) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    if (withShots) await page.screenshot({ path: `shots/${name}-${size}-${language}.png`, fullPage: true });
    const [scrolls, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(scrolls <= width, `${name} at ${size}: ${scrolls} px wide`);
    assert.deepEqual(await axe(page), [], `axe: ${name} at ${size}`);
  }
  await page.setViewportSize(SIZES[1440]);
}

const offer = (number, headers = { "X-Spam-Flag": "YES" }) => ({
  from: { name: "Promo", address: `promo${number}@reclame.example` },
  to: INBOX,
  subject: `Gagnez un séjour n° ${number}`,
  text: `Votre lot ${number} vous attend, cliquez vite.`,
  headers,
});
const row = (page, text) => page.locator(".rows .row").filter({ hasText: text });
const arrives = async (page, path, text) => {
  await page.goto(path);
  while ((await row(page, text).count()) === 0) await page.reload();
};

async function shelves(walk) {
  const { desk, page, say } = walk;
  await send(desk.smtp, offer(1));
  await send(desk.smtp, offer(2));
  await send(desk.smtp, offer(3));
  await send(desk.smtp, { from: "absent@exemple.fr", to: INBOX, subject: "Absence du bureau", text: "Je suis absente.", headers: { "Auto-Submitted": "auto-replied" } });
  await arrives(page, "/letters?shelf=junk", "n° 3");
  await look(walk, "shelf-junk");
  await arrives(page, "/letters?shelf=machines", "Absence du bureau");
  await row(page, "Absence du bureau").getByText(say.absence).last().waitFor();
  await look(walk, "shelf-machines");
  await page.locator(".shelves a").first().click();
  await page.locator(".shelves a[aria-current=page]").getByText(say.quarantine).waitFor();
  await look(walk, "shelf-quarantine");
}

async function rules(walk) {
  const { desk, page, say } = walk;
  await page.goto("/letters?shelf=junk");
  await page.locator("input[name=pattern]").fill("loterie.example");
  await page.getByRole("button", { name: say.addRule }).click();
  await row(page, "loterie.example").getByText(say.alwaysJunk).waitFor();
  await look(walk, "shelf-junk-rule");
  const lot = (number) => ({ ...offer(number, {}), from: `lot${number}@loterie.example` });
  await send(desk.smtp, lot(4));
  await arrives(page, "/letters?shelf=junk", "n° 4");
  await row(page, "loterie.example").getByRole("button", { name: say.removeRule }).click();
  await page.locator(".rule-form").waitFor();
  assert.equal(await page.getByRole("button", { name: say.removeRule }).count(), 0, "the rule is gone");
  await send(desk.smtp, lot(5));
  await page.goto("/cases?view=all");
  await page.locator("li.case").filter({ hasText: "n° 5" }).waitFor();
}

async function accept({ desk, page, say }) {
  await page.goto("/letters?shelf=junk");
  await row(page, "n° 1").getByRole("button", { name: say.accept }).click();
  await page.locator(".rule-form").waitFor();
  await page.goto("/cases?view=all");
  await page.locator("li.case").filter({ hasText: "n° 1" }).waitFor();
  await send(desk.smtp, { ...offer(1), subject: "Gagnez un séjour n° 6", text: "Encore une autre affaire, tout à fait différente de la première." });
  await page.locator("li.case").filter({ hasText: "n° 6" }).waitFor();
}

async function openFromJunk({ page, say }) {
  await page.goto("/letters?shelf=junk");
  await row(page, "n° 2").getByRole("button", { name: say.openCase }).click();
  await page.locator(".rule-form").waitFor();
  await page.goto("/cases?view=all");
  await page.locator("li.case").filter({ hasText: "n° 2" }).waitFor();
}

async function merge(walk) {
  const { desk, page, say } = walk;
  const from = { name: "Paule Rémy", address: "paule.remy@exemple.fr" };
  await send(desk.smtp, { from, to: INBOX, subject: "Lampe fêlée", text: "La lampe de la commande MG-35001 est arrivée fêlée, que faire ?" });
  await send(desk.smtp, { from, to: INBOX, subject: "Photo de la lampe", text: "Voici comme promis la photo prise hier soir devant la fenêtre." });
  const caseOf = async (subject) => {
    await page.goto("/cases?view=all");
    const link = page.locator("li.case").getByRole("link", { name: subject });
    await link.waitFor();
    return (await link.getAttribute("href")).replace(/[?#].*/, "");
  };
  walk.goesOn = await caseOf("Lampe fêlée");
  walk.ends = await caseOf("Photo de la lampe");
  const reference = walk.goesOn.split("/").at(-1);
  await page.goto(walk.ends);
  await page.locator("details.act:has([name=into]) > summary").click();
  await page.locator("input[name=into]").fill(reference);
  await look(walk, "case-merging");
  await page.getByRole("button", { name: say.merge }).click();
  await page.waitForURL(`**${walk.goesOn}**`);
  await page.locator(".flash").getByText(say.merged).waitFor();
  await look(walk, "case-took-in");
  await page.goto(walk.ends);
  await page.getByText(say.goesOn).first().waitFor();
  await look(walk, "case-merged");
}

async function separate(walk) {
  const { page, say } = walk;
  await page.goto(walk.ends);
  await page.getByRole("button", { name: say.separate }).click();
  await page.locator(".flash").getByText(say.separated).waitFor();
  assert.equal(new URL(page.url()).pathname, walk.ends);
  assert.equal(await page.getByText(say.goesOn).count(), 0, "it stands by itself");
}

async function bounce(walk) {
  const { desk, page, say } = walk;
  await page.goto(walk.goesOn);
  await compose(page, "r");
  await page.keyboard.type("Bonjour, une lampe neuve part ce soir.");
  await page.keyboard.press("Control+Enter");
  const mail = await mailThat(desk.url, "the reply", (one) => one.text.includes("une lampe neuve part"));
  const id = mail.header("message-id");
  const raw = [
    "From: Mail Delivery System <mailer-daemon@exemple.fr>", `To: ${mail.header("reply-to")}`,
    "Subject: Undelivered Mail Returned to Sender", "Message-ID: <dsn@exemple.fr>", "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
    "--b", "Content-Type: text/plain", "", "No such user here.",
    "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.exemple.fr", "",
    "Final-Recipient: rfc822; paule.remy@exemple.fr", "Action: failed", "Status: 5.1.1",
    "--b", "Content-Type: text/rfc822-headers", "", `Message-ID: ${id}`, "--b--", "",
  ].join("\r\n");
  const address = mail.header("reply-to").match(/[^<\s]+@[^>\s]+/)[0];
  await send(desk.smtp, { envelope: { from: "", to: [address] }, raw });
  await page.getByText(say.undelivered).waitFor();
  await page.locator("#side").getByText(say.dead).waitFor();
  await look(walk, "case-undelivered");
  await page.goto("/cases?view=all");
  await page.locator("li.case").filter({ hasText: "Lampe fêlée" }).getByText(say.listUndelivered).waitFor();
  await look(walk, "list-undelivered");
}

async function pictures(walk) {
  const { desk, language, say } = walk;
  await send(desk.smtp, {
    from: { name: "Luc Brun", address: "luc.brun@exemple.fr" }, to: INBOX, subject: "Photo de la table",
    text: "Voir la photo.", html: `<p>Voici la table rayée :</p><img src="${PICTURE}" alt="Une table rayée" width="80" height="80">`,
  });
  const visitor = await newVisitor(browser, desk, language);
  const asked = [];
  await visitor.context.route("https://**/*", (route) => {
    asked.push({ url: route.request().url(), referer: route.request().headers().referer });
    return route.fulfill({ contentType: "image/png", body: PNG });
  });
  const { page } = visitor;
  await signIn(page, people.sophie);
  await page.goto("/cases?view=all");
  await page.locator("li.case").getByRole("link", { name: "Photo de la table" }).click();
  await page.locator(".original > summary").first().click();
  const frame = page.frameLocator(".original iframe").first();
  await frame.getByText("Voici la table rayée").waitFor();
  await frame.getByText("Une table rayée").or(frame.locator("[alt='Une table rayée']")).first().waitFor();
  assert.deepEqual(asked, [], "nothing leaves before it is asked for");
  visitor.assertQuiet();
  await look({ page, language }, "case-pictures-before");
  const fetched = page.waitForRequest(PICTURE);
  const answer = page.waitForResponse((response) => response.url().includes("pictures=remote"));
  await page.getByRole("link", { name: say.pictures }).click();
  const policy = (await answer).headers()["content-security-policy"];
  assert.match(policy, /default-src 'none'; img-src data: https:;.*sandbox/);
  await frame.locator("img").waitFor();
  await fetched;
  assert.deepEqual(asked, [{ url: PICTURE, referer: undefined }], "the picture alone, and nobody learns where from");
  await look({ page, language }, "case-pictures-after");
  await visitor.context.close();
}
