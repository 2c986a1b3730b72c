// The main job from end to end, with a real browser and a real mail program: a complaint arrives, becomes a case, is
// answered, solved, confirmed and reopened. Walked once in French and once in English, each on a desk of its own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, compose, newVisitor, openBrowser, signIn } from "./browser.mjs";
import { INBOX, people, startDesk } from "./desk.mjs";
import { mailThat, postbox, send } from "./mail.mjs";
import { words } from "./words.mjs";

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser?.close());

for (const language of ["fr", "en"]) {
  test(`a complaint from mail to confirmation, ${language}`, async (t) => {
    const desk = await startDesk();
    try {
      const agent = await newVisitor(browser, desk, language);
      const walk = { t, desk, language, agent, page: agent.page, say: words[language] };
      for (const [name, step] of steps) {
        let failure;
        await t.test(name, async () => {
          try {
            await step(walk);
          } catch (error) {
            failure = error;
            await agent.page.screenshot({ path: `shots/failed-${language}.png` }).catch(() => {});
            throw error;
          }
        });
        if (failure) return;
      }
      agent.assertQuiet();
    } finally {
      await desk.stop();
    }
  });
}

const steps = [
  ["camille signs in and looks at what nobody has taken", lookAtUnassigned],
  ["a customer's mail appears by itself", mailAppears],
  ["the case shows who wrote what, with the history folded", openCase],
  ["camille takes it and answers in rich text, by keyboard", reply],
  ["an internal note", note],
  ["the reply leaves as a threaded mail with a signed address", replyLeaves],
  ["the customer's answer lands in the same case", answerLands],
  ["a solution is proposed", propose],
  ["the private link shows, and changes nothing", linkShows],
  ["the customer confirms, the desk sees it", confirm],
  ["the customer reopens with words, the desk sees it", reopen],
  ["one more mail, by LMTP to the plain address, joins by what it answers", lmtp],
  ["the timeline tells the whole story", story],
  ["the note is in no mail", noteStays],
  ["camille signs out", signOut],
  ["five wrong passwords lock the sixth try", lockOut],
];

const flash = (page, text) => page.locator(".flash").getByText(text).waitFor();
const row = ({ page, say }) => page.locator("#case-list li.case").filter({ hasText: say.customer.name });
const entry = (page, text) => page.locator("#timeline").getByText(text);
const status = ({ page }, text) => page.locator(".case-facts .pill").getByText(text, { exact: true }).waitFor();

// What the page is marked with is lost when it is loaded anew.
const mark = (page) => page.evaluate(() => { globalThis.isSamePage = true; });
const isSamePage = (page) => page.evaluate(() => globalThis.isSamePage === true);

async function lookAtUnassigned({ page, say }) {
  await signIn(page, people.camille);
  await page.getByRole("heading", { level: 1, name: say.mine }).waitFor();
  await page.locator("#views").getByRole("link", { name: say.unassigned }).click();
  await page.getByRole("heading", { level: 1, name: say.unassigned }).waitFor();
  assert.equal(await row({ page, say }).count(), 0);
}

async function mailAppears(walk) {
  const { t, desk, page, say } = walk;
  await mark(page);
  const count = page.locator("#view-unassigned .count");
  const before = Number(await count.textContent());
  walk.mailId = await send(desk.smtp, {
    from: say.customer,
    to: INBOX,
    subject: say.subject,
    text: `${say.body}\n\n${say.history}\n`,
    attachments: [{ filename: "facture n° 12.txt", content: "Anselme 64,90 €" }],
  });
  const taken = performance.now();
  await row(walk).waitFor();
  const shown = performance.now() - taken;
  t.diagnostic(`from the desk's 250 to the row on screen: ${Math.round(shown)} ms`);
  assert.ok(await isSamePage(page), "the list was not reloaded");
  await page.locator("#view-unassigned .count").getByText(String(before + 1), { exact: true }).waitFor();
  assert.equal(await page.locator("#view-unassigned").getAttribute("aria-current"), "page", "the list in use stays marked");
}

async function openCase(walk) {
  const { page, say } = walk;
  await row(walk).getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: say.subject }).waitFor();
  walk.casePath = new URL(page.url()).pathname;
  const message = page.locator("#timeline .message.is-inbound");
  await message.getByText(say.customer.name).waitFor();
  await message.getByText(say.customer.address).waitFor();
  await message.getByText(say.seen).waitFor();
  await message.getByText("facture n° 12.txt").waitFor();
  assert.ok(!(await message.getByText(say.folded).isVisible()), "the quoted history is folded");
  await message.getByText(say.fold).click();
  await message.getByText(say.folded).waitFor();
}

async function reply(walk) {
  const { page, say } = walk;
  await page.locator("#side").getByRole("button", { name: say.take }).click();
  await entry(page, say.story[1]).waitFor();
  const [greeting, strong, first, second] = say.reply;
  await compose(page, "r");
  await page.keyboard.type(greeting);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+b");
  await page.keyboard.type(strong);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+b");
  await page.locator("[data-kind=reply]").getByRole("button", { name: say.list, exact: true }).click();
  await page.keyboard.type(first);
  await page.keyboard.press("Enter");
  await page.keyboard.type(second);
  await page.keyboard.press("Control+Enter");
  await flash(page, say.done.reply);
  await status(walk, say.open);
  const sent = page.locator("#timeline .message.is-outbound:not(.is-automatic)");
  await sent.locator("b, strong").getByText(strong).waitFor();
  assert.deepEqual(await sent.locator("li").allTextContents(), [first, second]);
}

async function note({ page, say }) {
  await compose(page, "n");
  await page.keyboard.type(say.note);
  await page.keyboard.press("Control+Enter");
  await flash(page, say.done.note);
  const written = page.locator("#timeline .message.is-note");
  await written.getByText(say.note).waitFor();
  await written.getByText(say.noteMark).waitFor();
}

async function replyLeaves(walk) {
  const { desk, say } = walk;
  const [greeting, strong, first] = say.reply;
  const reference = walk.casePath.split("/").at(-1);
  const mail = await mailThat(desk.url, "the reply", (one) => one.text.includes(greeting));
  assert.ok(mail.header("to").includes(say.customer.address));
  assert.equal(mail.header("subject"), `Re: ${say.subject} [${reference}]`);
  assert.equal(mail.header("in-reply-to"), walk.mailId);
  assert.ok(mail.header("references").includes(walk.mailId));
  assert.match(mail.header("reply-to"), /<?bonjour\+[\w.-]{10,}@maison-garance\.example>?/, "the reply address is signed");
  assert.equal(mail.header("auto-submitted"), undefined, "a person's reply is no automatic mail");
  assert.match(mail.html, new RegExp(`<(b|strong)>${strong}</`));
  assert.match(mail.html, new RegExp(`<li>\\s*(<div>)?${first}`));
  assert.ok(mail.text.includes(strong) && mail.text.includes(first));
  const receipt = await mailThat(desk.url, "the receipt", (one) => one.header("in-reply-to") === walk.mailId && one !== mail);
  assert.equal(receipt.header("auto-submitted"), "auto-replied");
  walk.reply = mail;
}

async function answerLands(walk) {
  const { desk, page, say, reply: mail } = walk;
  await mark(page);
  await send(desk.smtp, {
    from: say.customer,
    to: mail.header("reply-to"),
    subject: `Re: ${mail.header("subject")}`,
    inReplyTo: mail.header("message-id"),
    references: [walk.mailId, mail.header("message-id")],
    text: `${say.answer}\n\n${say.history}\n`,
  });
  await page.locator("#timeline .message.is-inbound").getByText(say.answer).waitFor();
  await page.locator("[data-live-notice]").getByText(say.changed).waitFor();
  assert.ok(await isSamePage(page), "the page was not reloaded");
  assert.equal(new URL(page.url()).pathname, walk.casePath, "it is the same case");
}

async function propose(walk) {
  const { page, say, desk } = walk;
  await compose(page, "p");
  await page.keyboard.type(say.proposal);
  await page.keyboard.press("Control+Enter");
  await flash(page, say.done.proposal);
  await status(walk, say.proposed);
  const mail = await mailThat(desk.url, "the proposal", (one) => one.text.includes(say.proposal));
  assert.ok(mail.link?.startsWith(`${desk.url}/c/`), "the proposal has a private link");
  walk.link = mail.link;
}

async function linkShows(walk) {
  const { desk, language, say } = walk;
  walk.customer = await newVisitor(browser, desk, language);
  const { page } = walk.customer;
  await page.goto(walk.link);
  for (let time = 0; time < 3; time += 1) {
    await page.getByRole("heading", { name: say.track.proposed }).waitFor();
    await page.locator(".solution").getByText(say.proposal).waitFor();
    await page.reload();
  }
  const whole = await page.locator("main").textContent();
  assert.ok(!whole.includes(say.note), "a note is never shown to the customer");
  await status(walk, say.proposed);
  await walk.page.reload();
  await status(walk, say.proposed);
}

async function confirm(walk) {
  const { page, say } = walk;
  await mark(page);
  await walk.customer.page.getByRole("button", { name: say.track.confirm }).click();
  await walk.customer.page.getByRole("heading", { name: say.track.confirmed }).waitFor();
  await entry(page, say.story[4]).waitFor();
  await status(walk, say.closed);
  assert.ok(await isSamePage(page), "the page was not reloaded");
}

async function reopen(walk) {
  const { page, say, customer } = walk;
  await customer.page.getByText(say.track.again).click();
  await customer.page.locator("textarea[name=body]").fill(say.reopening);
  await customer.page.getByRole("button", { name: say.track.send }).click();
  await customer.page.getByRole("heading", { name: say.track.reopened }).waitFor();
  await customer.page.locator(".exchange .is-theirs").getByText(say.reopening).waitFor();
  await page.locator("#timeline .message.is-inbound").getByText(say.reopening).waitFor();
  await status(walk, say.open);
  assert.ok(await isSamePage(page), "the page was not reloaded");
  assert.deepEqual(await axe(customer.page), []);
  customer.assertQuiet();
}

async function lmtp(walk) {
  const { desk, page, say, reply: mail } = walk;
  const inReplyTo = mail.header("message-id");
  await send(desk.lmtp, { from: say.customer, to: INBOX, subject: "Re:", inReplyTo, references: inReplyTo, text: say.lmtp }, { lmtp: true });
  await page.locator("#timeline .message.is-inbound").getByText(say.lmtp).waitFor();
}

async function story({ page, say }) {
  await page.reload();
  const lines = await page.locator("#timeline .event p > span:first-of-type").allTextContents();
  const told = lines.map((line) => line.replaceAll("\u00a0", " "));
  const places = say.story.map((line) => told.findIndex((one) => one.includes(line)));
  assert.ok(!places.includes(-1), `missing in the timeline: ${say.story[places.indexOf(-1)]}\n${told.join("\n")}`);
  assert.deepEqual(places, [...places].sort((a, b) => a - b), "events are told in order");
}

async function noteStays({ desk, say }) {
  const mails = await postbox(desk.url);
  const theirs = mails.filter((mail) => mail.header("to").includes(say.customer.address));
  assert.ok(theirs.length >= 3, "receipt, reply and proposal left");
  const mark = say.note.split(" ").slice(0, 3).join(" ");
  for (const mail of mails) {
    assert.ok(![mail.raw, mail.text, mail.html].join("\n").includes(mark), `a note left in ${mail.header("subject")}`);
  }
}

async function signOut(walk) {
  const { page, say } = walk;
  await page.locator(".menu > summary").click();
  await page.getByRole("button", { name: say.signOut }).click();
  await page.waitForURL("**/sign-in*");
  await page.goto(walk.casePath);
  assert.equal(new URL(page.url()).pathname, "/sign-in", "a case asks to sign in");
}

async function lockOut({ page, agent, say }) {
  agent.expectRefusal("/sign-in");
  for (let time = 0; time < 5; time += 1) {
    await signIn(page, people.idriss, `wrong-${time}`);
    await page.getByRole("alert").getByText(say.wrong).waitFor();
  }
  await signIn(page, people.idriss);
  await page.getByRole("alert").getByText(say.locked).waitFor();
  await signIn(page, people.camille);
  await page.getByRole("heading", { level: 1, name: say.mine }).waitFor();
}
