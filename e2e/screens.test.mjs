// Every screen, in both languages, wide and narrow, light and dark: axe finds nothing, nothing scrolls sideways, the
// browser does not complain, nothing foreign is asked for. With SUIVI_SHOTS=1 pictures go to e2e/shots/.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, compose, newVisitor, openBrowser, signIn } from "./browser.mjs";
import { INBOX, people, startDesk } from "./desk.mjs";
import { mailThat, postbox, send } from "./mail.mjs";

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 800 };
const withShots = process.env.SUIVI_SHOTS === "1";

let browser;
let desk;
let places;

before(async () => {
  [browser, desk] = await Promise.all([openBrowser(), startDesk()]);
  places = await findPlaces();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

// A screen: who looks at it, where it is, what it must show, and what is done before it is looked at.
function screens() {
  const list = ["mine", "team", "unassigned", "waiting", "all", "closed"].map((view) => ({
    name: `list-${view}`, who: "sophie", path: `/cases?view=${view}`, shows: "#case-list li.case",
  }));
  return [
    { name: "sign-in", who: "nobody", path: "/sign-in", shows: "input[name=password]" },
    ...list,
    { name: "list-empty", who: "admin", path: "/cases?view=mine", shows: ".empty" },
    { name: "case-long", who: "sophie", path: places.long, shows: ".message.is-note" },
    { name: "case-proposal", who: "sophie", path: places.proposal, shows: ".message.is-proposal" },
    { name: "case-folded", who: "sophie", path: places.folded, shows: ".fold[open]", act: unfold },
    { name: "case-rich-mail", who: "sophie", path: places.rich, shows: ".original iframe", act: showOriginal },
    { name: "case-linked", who: "sophie", path: places.linked, shows: ".case-page" },
    { name: "case-writing-note", who: "sophie", path: places.proposal, shows: ".for-note .editor:focus", act: writeNote },
    { name: "case-writing-proposal", who: "sophie", path: places.long, shows: ".for-proposal .editor:focus", act: writeProposal },
    { name: "case-third-party", who: "sophie", path: places.linked, shows: ".act[open]", act: openThirdParty },
    { name: "customer", who: "sophie", path: places.customer, shows: "#identities" },
    { name: "customer-rights", who: "admin", path: places.customer, shows: "#rights" },
    { name: "customer-erasing", who: "admin", path: places.settled, shows: "details.act[open] form", act: openErasure },
    { name: "case-erased", who: "admin", path: places.erased, shows: ".case-notices .proposal" },
    { name: "case-holding", who: "sophie", path: places.linked, shows: ".act[open] [name=reason]", act: openHold },
    { name: "keeping", who: "admin", path: "/keeping", shows: ".keeping-form" },
    { name: "webhooks", who: "admin", path: "/webhooks", shows: ".webhook-form" },
    { name: "search", who: "sophie", path: "/search?q=remboursements", shows: ".found mark" },
    { name: "search-nothing", who: "sophie", path: "/search?q=introuvable", shows: ".empty" },
    { name: "search-help", who: "sophie", path: "/search", shows: ".search-help" },
    { name: "hand", who: "sophie", path: "/cases/new?who=zzz", shows: ".hand-form" },
    { name: "form", who: "nobody", path: "/f/garance/contact", shows: ".conditions li" },
    { name: "form-review", who: "nobody", path: "/f/garance/contact", shows: ".answers", act: reviewForm },
    { name: "follow", who: "nobody", path: "/follow", shows: "input[name=email], input[type=email]" },
    { name: "api", who: "nobody", path: "/api", shows: "main h1" },
    { name: "outbox", who: "sophie", path: "/outbox", shows: ".sheet-head" },
    { name: "letters", who: "sophie", path: "/letters", shows: ".rows .row" },
    { name: "postbox", who: "sophie", path: "/postbox", shows: ".rows .row" },
    { name: "postbox-mail", who: "sophie", path: places.mail, shows: "iframe.mail-frame" },
    { name: "postbox-stranger", who: "nobody", path: "/postbox", shows: ".rows .row" },
    { name: "menu", who: "sophie", path: "/cases?view=mine", shows: ".menu[open] .menu-body", act: openMenu },
    { name: "keys", who: "sophie", path: "/cases?view=all", shows: "dialog[open]", act: (page) => page.keyboard.press("?") },
    { name: "tracking-received", who: "nobody", path: places.received, shows: ".state" },
    { name: "tracking-in-progress", who: "nobody", path: places.inProgress, shows: ".exchange .is-ours" },
    { name: "tracking-proposed", who: "nobody", path: places.proposed, shows: ".solution form" },
    { name: "tracking-reopening", who: "nobody", path: places.proposed, shows: ".reopen[open] textarea", act: openReopening },
    { name: "tracking-confirmed", who: "nobody", path: places.confirmed, shows: ".state.is-done" },
    { name: "tracking-expired", who: "nobody", path: `${places.received.slice(0, -6)}AAAAAA`, shows: ".notice", status: 404 },
    { name: "not-found", who: "sophie", path: "/nowhere", shows: ".notice", status: 404 },
    { name: "forbidden", who: "camille", path: "/outbox", shows: ".notice", status: 403 },
  ];
}

const unfold = (page) => page.locator(".fold summary").last().click();
async function showOriginal(page) {
  await page.locator(".original summary").first().click();
  await page.frameLocator(".original iframe").first().getByText("Ma commande est en retard").waitFor();
}
const openMenu = (page) => page.locator(".menu > summary").click();
const openThirdParty = (page) => page.locator("details.act:has([name=third_party]) > summary").click();
const openErasure = (page) => page.locator("details.act > summary").click();
const openHold = (page) => page.locator("details.act:has(form[action$='/hold']) > summary").click();
const openReopening = (page) => page.locator(".reopen > summary").click();
async function reviewForm(page) {
  await page.locator("#what").fill("LA LAMPE EST CASSÉE ET PERSONNE NE ME RÉPOND DEPUIS TROIS SEMAINES !!!");
  await page.locator("#email").fill("client@exemple.fr");
  await page.locator("button[value=review]").click();
}
const writeNote = (page) => write(page, "n", "Rappelée ce matin : elle préfère un avoir.");
const writeProposal = (page) => write(page, "p", "Bonjour, votre robot réparé part demain.");

async function write(page, key, text) {
  await compose(page, key);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

for (const language of ["fr", "en"]) {
  test(`every screen, ${language}`, async (t) => {
    const visitors = {};
    for (const who of ["nobody", "sophie", "admin", "camille"]) {
      visitors[who] = await newVisitor(browser, desk, language);
      if (who !== "nobody") {
        await signIn(visitors[who].page, people[who]);
        await visitors[who].page.waitForURL("**/cases**");
      }
    }
    await chooseLanguage(visitors.nobody.page, language);
    for (const screen of screens()) await t.test(screen.name, () => look(visitors[screen.who], screen, language));
  });
}

// A private page speaks its customer's language, until they choose another.
async function chooseLanguage(page, language) {
  await page.goto(places.received);
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  if (language === "fr") return;
  await page.locator(".foot .language").click();
  await page.locator(`html[lang=${language}]`).waitFor();
  assert.equal(new URL(page.url()).pathname, places.received);
}

async function look(visitor, screen, language) {
  const { page } = visitor;
  if (screen.status) visitor.expectRefusal(screen.path);
  for (const [size, viewport] of [["1440", WIDE], ["360", NARROW]]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: "light" });
    const response = await page.goto(screen.path);
    assert.equal(response.status(), screen.status ?? 200);
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    await page.waitForLoadState("load");
    await screen.act?.(page);
    await page.locator(screen.shows).first().waitFor();
    await shoot(page, `${screen.name}-${size}-light-${language}`);
    await assertFits(page);
    assert.deepEqual(await axe(page), [], `axe at ${size}, light`);
    await page.emulateMedia({ colorScheme: "dark" });
    await shoot(page, `${screen.name}-${size}-dark-${language}`);
    assert.deepEqual(await axe(page, ["color-contrast", "link-in-text-block"]), [], `axe at ${size}, dark`);
  }
  visitor.assertQuiet();
}

// What sticks out is named, not only that something does.
async function assertFits(page) {
  const { width, wide } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const isWide = (element) => element.getBoundingClientRect().right > width + 1 && element.checkVisibility();
    const wide = document.documentElement.scrollWidth > width ? [...document.querySelectorAll("body *")].filter(isWide) : [];
    return { width, wide: wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)) };
  });
  const scrolls = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(scrolls <= width, `the page is ${scrolls} px wide on ${width}: ${wide.join("\n")}`);
}

async function shoot(page, name) {
  if (withShots) await page.screenshot({ path: `shots/${name}.png` });
}

// Addresses of the places in this desk: cases by their subjects, private links from the mails that carry them.
async function findPlaces() {
  await send(desk.smtp, { from: "lettre@promo.example", to: INBOX, subject: "Nos offres d’automne", text: "-20 %", headers: { "List-Id": "<promo.example>", "List-Unsubscribe": "<https://promo.example/no>", Precedence: "bulk" } });
  await send(desk.smtp, {
    from: { name: "Ange-Alexandrine de La Rochefoucauld-Montbel", address: "ange-alexandrine.de.la.rochefoucauld.montbel@exemple-tres-long.example" },
    to: INBOX,
    subject: "Réclamation au sujet d’une commande anticonstitutionnellementretardéesansaucuneexplicationdepuistroissemaines",
    text: "Bonjour, https://suivi.example/un/lien/tres/long/sans/aucun/espace/pour/voir/si/la/page/deborde/sur/un/telephone?colis=MG-24999",
    html: "<h2>Bonjour</h2><p>Ma <b>commande</b> est en retard.</p><table width='900'><tr><td>Lampe</td><td>79 €</td></tr></table>",
    attachments: [{ filename: "photographie-du-carton-enfonce-vue-de-cote-avec-l-etiquette-du-transporteur.jpg", content: Buffer.alloc(2000) }],
  });
  const { page, context } = await newVisitor(browser, desk, "fr");
  await signIn(page, people.sophie);
  await page.waitForURL("**/cases**");
  const find = async (subject) => {
    await page.goto("/cases?view=all");
    return (await page.getByRole("link", { name: subject }).getAttribute("href")).replace(/#.*/, "");
  };
  await page.goto("/cases?view=all");
  await page.getByRole("link", { name: /anticonstitutionnellement/ }).waitFor();
  const found = {
    long: await find("Refus de garantie injustifié"),
    proposal: await find("Débité deux fois"),
    folded: await find("Rendez-vous de livraison manqué"),
    rich: await find("anticonstitutionnellement"),
    linked: await find("2e message, commande MG-24802"),
  };
  await page.goto(await find("Remboursement du tapis"));
  found.customer = await page.locator("#side .customer a").getAttribute("href");
  const linkOf = async (what, isIt) => new URL((await mailThat(desk.url, what, isIt)).link).pathname;
  const isSubject = (words) => (mail) => mail.header("subject").includes(words);
  const isProposal = (mail) => mail.text.includes("Voir la solution et nous répondre");
  found.received = await linkOf("a receipt", isSubject("Fauteuil Basile"));
  found.inProgress = await linkOf("an answer", isSubject("saisine d’une association"));
  found.proposed = await linkOf("a proposal", (mail) => isSubject("Débité deux fois")(mail) && isProposal(mail));
  found.confirmed = await linkOf("another proposal", (mail) => isSubject("Cadeau d’anniversaire")(mail) && isProposal(mail));
  found.mail = new URL((await postbox(desk.url)).find(isProposal).url).pathname;
  await page.goto(found.confirmed);
  await page.locator(".solution form button").click();
  await page.locator(".state.is-done").waitFor();
  await context.close();
  found.settled = await settle("Nina Ferrand", "Store bloqué", "nina@exemple-calme.fr");
  found.erased = await erase(await settle("Paul Renaud", "Housse tachée", "paul@exemple-calme.fr"));
  return found;
}

// Somebody writes, is answered, and is content: where their page is.
async function settle(name, subject, address) {
  await send(desk.smtp, { from: { name, address }, to: INBOX, subject, text: "Bonjour, que puis-je faire ? Merci d’avance." });
  const { page, context } = await newVisitor(browser, desk, "fr");
  await signIn(page, people.admin);
  await page.waitForURL("**/cases**");
  await page.goto("/cases?view=all");
  await page.getByRole("link", { name: subject }).click();
  await write(page, "p", "Bonjour, nous vous en envoyons un neuf demain.");
  await page.locator("[data-kind=proposal] button.primary").click();
  await page.locator(".message.is-proposal").waitFor();
  const customer = await page.locator("#side .customer a").getAttribute("href");
  const isIts = (mail) => mail.header("subject").includes(subject) && mail.text.includes("Voir la solution et nous répondre");
  await page.goto(new URL((await mailThat(desk.url, "a proposal", isIts)).link).pathname);
  await page.locator(".solution form button").click();
  await page.locator(".state.is-done").waitFor();
  await context.close();
  return customer;
}

// Has somebody erased; where their case was.
async function erase(customer) {
  const { page, context } = await newVisitor(browser, desk, "fr");
  await signIn(page, people.admin);
  await page.waitForURL("**/cases**");
  await page.goto(customer);
  const erased = await page.locator("#cases ~ .rows a, [aria-labelledby=cases] a").first().getAttribute("href");
  await openErasure(page);
  await page.locator("details.act input[type=checkbox]").check();
  await page.locator("details.act button").click();
  await page.waitForURL("**/keeping");
  for (let tries = 0; !(await page.locator(".keeping-erasure .pill.is-open").count()); tries += 1) {
    assert.ok(tries < 60, "an erasure is carried out within seconds");
    await page.waitForTimeout(250);
    await page.goto("/keeping");
  }
  await context.close();
  return erased;
}
