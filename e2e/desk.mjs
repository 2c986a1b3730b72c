// Starts a demonstration desk for one test file and stops it; says what went wrong when it does not start or stop well.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

const START_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 20_000;

export const PASSWORD = "suivi-demo";
export const INBOX = "bonjour@maison-garance.example";
export const people = {
  camille: "camille@maison-garance.example",
  idriss: "idriss@maison-garance.example",
  sophie: "sophie@maison-garance.example",
  admin: "admin@maison-garance.example",
};

function needed(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run \`cargo xtask ci --only browser\``);
  return value;
}

function within(promise, milliseconds, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(what())), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// What `suivi demo` prints once it is ready: the address of the screens, and of the two doors for letters.
const READY = /desk\s+(http:\S+?)\/\n[^]*LMTP (\S+), SMTP (\S+)\n[^]*sign in[^]*\n\n/;

export async function startDesk() {
  const child = spawn(needed("SUIVI_BIN"), ["demo", "--port", "0", "--lmtp-port", "0", "--smtp-port", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  const ended = once(child, "exit");
  const all = () => `${said.stdout}\n${said.stderr}`;
  const ready = new Promise((resolve, reject) => {
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8").on("data", (text) => {
        said[name] += text;
        const found = said.stdout.match(READY);
        if (found) resolve(found);
      });
    }
    child.on("error", reject);
    ended.then(([code]) => reject(new Error(`the desk ended with ${code}:\n${all()}`)));
  });
  const leave = () => child.kill("SIGKILL");
  process.once("exit", leave);
  const [, url, lmtp, smtp] = await within(ready, START_MILLISECONDS, () => `the desk does not start:\n${all()}`);

  // Asks it to end, as an operator would, and looks at what it said while it ran.
  async function stop() {
    child.kill("SIGTERM");
    const [code] = await within(ended, STOP_MILLISECONDS, () => `the desk does not stop:\n${all()}`);
    process.off("exit", leave);
    assert.ok(!all().includes("panicked"), `the desk panicked:\n${all()}`);
    assert.equal(code, 0, `the desk ended badly:\n${all()}`);
  }
  return { url, lmtp, smtp, stop };
}
