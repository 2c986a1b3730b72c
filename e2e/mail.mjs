// A customer's mail program: sends by SMTP or LMTP with nodemailer, and reads what the desk sent in the demo's postbox.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";

const ARRIVES_WITHIN_MILLISECONDS = 15_000;
const LOOK_AGAIN_MILLISECONDS = 50;

export async function send(address, mail, { lmtp = false } = {}) {
  const [host, port] = address.split(":");
  const options = { host, port: Number(port), lmtp, secure: false, ignoreTLS: true, name: "client.example" };
  const transport = createTransport(options);
  try {
    const sent = await transport.sendMail(mail);
    assert.deepEqual(sent.rejected, [], "the desk takes the mail");
    return sent.messageId;
  } finally {
    transport.close();
  }
}

// The newest mails that left the desk, newest first, each read from its raw bytes as a mail program would.
export async function postbox(url) {
  const list = await text(`${url}/postbox`);
  const paths = [...list.matchAll(/href="(\/postbox\/[0-9a-f-]{36})"/g)].map((found) => found[1]);
  return Promise.all(paths.map((path) => cachedMail(`${url}${path}/mail.eml`)));
}

// Waits until a mail is there; the mails that are there when it is not are told.
export async function mailThat(url, what, isIt) {
  const until = Date.now() + ARRIVES_WITHIN_MILLISECONDS;
  for (;;) {
    const mails = await postbox(url);
    const found = mails.find(isIt);
    if (found) return found;
    if (Date.now() > until) {
      const there = mails.slice(0, 5).map((mail) => `${mail.header("to")}: ${mail.header("subject")}`);
      assert.fail(`no mail with ${what}; the newest are:\n${there.join("\n")}`);
    }
    await pause(LOOK_AGAIN_MILLISECONDS);
  }
}

// A sent mail never changes: its bytes are fetched once.
const kept = new Map();
function cachedMail(address) {
  if (!kept.has(address)) kept.set(address, bytes(address).then((raw) => read(raw, address)));
  return kept.get(address);
}

async function bytes(address) {
  const response = await fetch(address);
  assert.equal(response.status, 200, address);
  return Buffer.from(await response.arrayBuffer()).toString("latin1");
}

async function text(address) {
  return Buffer.from(await bytes(address), "latin1").toString("utf8");
}

// A mail: its headers by name, its parts by media type. Enough of RFC 2045 to 2047 for the mails that the desk writes.
function read(raw, address) {
  const { header, body } = entity(raw);
  const parts = {};
  collect(header, body, parts);
  const link = parts["text/plain"]?.match(/http:\/\/\S+\/c\/\S+/)?.[0];
  return { raw, url: address.replace(/\/mail\.eml$/, ""), header, text: parts["text/plain"], html: parts["text/html"], link };
}

function entity(raw) {
  const [, head, body] = raw.match(/^([^]*?\r?\n)\r?\n([^]*)$/) ?? [];
  assert.ok(head, "a mail has a head and a body");
  const headers = new Map();
  for (const line of head.replace(/\r?\n[ \t]+/g, " ").trimEnd().split(/\r?\n/)) {
    const [, name, value] = line.match(/^([^:\s]+):\s*(.*)$/) ?? assert.fail(`not a header: ${line}`);
    headers.set(name.toLowerCase(), words(value));
  }
  return { header: (name) => headers.get(name.toLowerCase()), body };
}

function collect(header, body, parts) {
  const type = header("content-type") ?? "text/plain";
  const boundary = type.match(/boundary="?([^";]+)/)?.[1];
  if (boundary) {
    for (const piece of body.split(`--${boundary}`).slice(1, -1)) {
      const part = entity(piece.replace(/^\r?\n/, ""));
      collect(part.header, part.body, parts);
    }
  } else {
    parts[type.split(";")[0].trim().toLowerCase()] = decoded(body, header("content-transfer-encoding") ?? "7bit");
  }
}

function decoded(body, encoding) {
  const form = encoding.toLowerCase();
  if (form === "base64") return Buffer.from(body, "base64").toString("utf8");
  const plain = form === "quoted-printable" ? quotedPrintable(body) : body;
  return Buffer.from(plain, "latin1").toString("utf8").replaceAll("\r\n", "\n");
}

function quotedPrintable(body) {
  return body.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

// Encoded words; the blank between two of them is none (RFC 2047, 6.2).
function words(value) {
  return value.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, form, written) => {
    const raw = form.toLowerCase() === "b" ? Buffer.from(written, "base64").toString("latin1") : quotedPrintable(written.replaceAll("_", " "));
    return Buffer.from(raw, "latin1").toString("utf8");
  });
}
