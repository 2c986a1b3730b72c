// One key for each thing an agent does all day. Nothing happens while they type, nor with Ctrl, Alt or Meta held.
// Enter needs nothing here: j and k move the focus from link to link.

const composer = document.getElementById("composer");

function links() {
  return [...document.querySelectorAll("[data-keys-list] > li a[href]:first-of-type")];
}

function move(step) {
  const all = links();
  if (all.length === 0) return;
  const here = all.findIndex((link) => link === document.activeElement || link.closest("li")?.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
  all[next].focus({ preventScroll: true });
  all[next].closest("li").scrollIntoView({ block: "nearest" });
}

function write(kind) {
  const radio = composer?.querySelector(`input[name=kind][value=${kind}]`);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  composer.querySelector(`[data-kind=${kind}] .editor, [data-kind=${kind}] textarea:not([hidden])`)?.focus();
  composer.scrollIntoView({ block: "nearest" });
}

function search() {
  const boxes = document.querySelectorAll(".search-form input, [data-keys-search]");
  const box = [...boxes].find((box) => box.checkVisibility({ visibilityProperty: true }));
  if (box) box.focus(), box.select();
  else location.assign("/search");
}

const acts = {
  j: () => move(1),
  k: () => move(-1),
  r: () => write("reply"),
  n: () => write("note"),
  p: () => write("proposal"),
  u: () => document.querySelector("[data-keys-back]")?.click(),
  "/": search,
  "?": () => document.getElementById("keys")?.showModal(),
};

function isTyping(target) {
  return target.isContentEditable || target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// Browsers without invoker commands still open the dialog.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  for (const button of document.querySelectorAll("[command=show-modal]")) {
    button.addEventListener("click", () => document.getElementById(button.getAttribute("commandfor"))?.showModal());
  }
}
