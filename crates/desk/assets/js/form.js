// The public form: a little work against robots, and what was typed kept in this browser until it is sent.
// Everything goes without it: then fewer forms an hour are taken from one place, and drafts are kept by the button.

const BITS = 14;

const form = document.querySelector("[data-form]");
const sent = document.querySelector("[data-form-sent]");
const key = (path) => `suivi-form ${path.split("?")[0]}`;

if (sent) {
  localStorage.removeItem(key(sent.dataset.formSent));
}
if (form) {
  keepWords(form, key(form.getAttribute("action")));
  solve(form.dataset.stamp).then((word) => {
    form.elements.work.value = word;
  });
}

// Finds a word whose hash with the stamp begins with enough zero bits.
async function solve(stamp) {
  const encoder = new TextEncoder();
  for (let n = 0; n < 2_000_000; n += 1) {
    const hash = await crypto.subtle.digest("SHA-256", encoder.encode(`${stamp}:${n}`));
    if (new DataView(hash).getUint32(0) >>> (32 - BITS) === 0) return String(n);
  }
  return "";
}

function keepWords(form, name) {
  const fields = [...form.querySelectorAll(".field input, .field textarea, .field select")];
  if (fields.length === 0) return;
  const kept = read(name);
  if (fields.every((field) => field.value === "")) {
    for (const field of fields) if (kept[field.name]) field.value = kept[field.name];
  }
  form.addEventListener("input", () => {
    const words = Object.fromEntries(fields.filter((field) => field.value).map((field) => [field.name, field.value]));
    try { localStorage.setItem(name, JSON.stringify(words)); } catch { /* private browsing: the button still keeps a draft */ }
  });
}

function read(name) {
  try { return JSON.parse(localStorage.getItem(name)) ?? {}; } catch { return {}; }
}
