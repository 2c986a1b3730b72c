// Squire over the plain text areas of the composer: rich text, and drafts that survive a reload.
// Each form keeps its own text, so that a note can never become a reply. Without this script the text areas are sent.

const root = document.querySelector("[data-composer]");
const KEPT_AT_MOST_CHARS = 200000;
const ALLOWED = new Set(["DIV", "P", "BR", "B", "STRONG", "I", "EM", "UL", "OL", "LI", "BLOCKQUOTE", "A"]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "SVG", "MATH", "HEAD", "TITLE", "NOSCRIPT"]);
const NESTED_AT_MOST = 60;

// Rebuilds content from a short list of elements and copies no attribute but a link's address.
// DOMParser makes an inert document: nothing in it runs or loads.
function sanitised(html) {
  const clean = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(html, "text/html").body, clean, 0);
  return clean;
}

function copy(from, to, depth) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      to.append(node.data);
    } else if (node.nodeType === Node.ELEMENT_NODE && !DROPPED.has(node.nodeName.toUpperCase())) {
      const isKept = ALLOWED.has(node.nodeName) && depth < NESTED_AT_MOST;
      const target = isKept ? document.createElement(node.nodeName) : to;
      if (node.nodeName === "A" && isKept && /^(https?:|mailto:)/i.test(node.getAttribute("href") ?? "")) {
        target.href = node.getAttribute("href");
      }
      if (isKept) to.append(target);
      if (depth < NESTED_AT_MOST * 4) copy(node, target, depth + 1);
    }
  }
}

function fromText(text) {
  const holder = document.createElement("div");
  for (const line of text.split("\n")) {
    const block = document.createElement("div");
    block.append(line === "" ? document.createElement("br") : line);
    holder.append(block);
  }
  return holder.innerHTML;
}

const tools = {
  bold: { test: (e) => e.hasFormat("B"), on: (e) => e.bold(), off: (e) => e.removeBold() },
  italic: { test: (e) => e.hasFormat("I"), on: (e) => e.italic(), off: (e) => e.removeItalic() },
  list: { test: (e) => e.hasFormat("UL"), on: (e) => e.makeUnorderedList(), off: (e) => e.removeList() },
  numbers: { test: (e) => e.hasFormat("OL"), on: (e) => e.makeOrderedList(), off: (e) => e.removeList() },
  quote: { test: (e) => e.hasFormat("BLOCKQUOTE"), on: (e) => e.increaseQuoteLevel(), off: (e) => e.decreaseQuoteLevel() },
};

// What was kept before is offered again; private browsing may refuse storage, and then drafts simply are not kept.
const drafts = {
  read(key) { try { return localStorage.getItem(key) ?? ""; } catch { return ""; } },
  write(key, html) { try { localStorage.setItem(key, html); } catch { /* full or refused */ } },
  clear(key) { try { localStorage.removeItem(key); } catch { /* refused */ } },
};

// What was sent but is not in the historique did not arrive (the line was cut, the form had expired): it is a draft again.
function notArrived(key) {
  const html = drafts.read(key);
  drafts.clear(key);
  const bare = (node) => node.textContent.replace(/\s/g, "");
  const written = bare(sanitised(html));
  const isThere = [...document.querySelectorAll(".timeline .is-rich")].some((text) => bare(text).includes(written));
  return isThere ? "" : html;
}

function enrich(form, Squire) {
  const area = form.querySelector("textarea");
  const rich = form.querySelector("[name=body_html]");
  const key = `suivi.draft.${root.dataset.composer}.${form.dataset.kind}`;
  const box = document.createElement("div");
  box.className = "editor";
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  box.setAttribute("aria-label", form.querySelector(`label[for=${area.id}]`).textContent);
  box.dataset.placeholder = area.placeholder;
  area.after(box);
  area.hidden = true;
  area.required = false;

  const editor = new Squire(box, { blockTag: "DIV", sanitizeToDOMFragment: sanitised });
  const isEmpty = () => box.textContent.trim() === "" && !box.querySelector("li");
  const kept = drafts.read(key) || notArrived(`${key}.sending`);
  if (area.value !== "") editor.setHTML(fromText(area.value));
  else if (kept !== "") {
    editor.setHTML(kept);
    root.classList.add("is-used");
    const word = root.querySelector("[data-draft-words]");
    word.textContent = word.dataset.draftWords;
  }

  // Who begins to write has seen the historique as it is now, with what came in live. Who was already writing has perhaps
  // not looked up: then the desk asks before it sends.
  const timeline = document.getElementById("timeline");
  const begin = () => { if (isEmpty()) form.elements.seen.value = timeline.dataset.seen; };
  box.addEventListener("focus", begin);
  box.addEventListener("beforeinput", begin);

  const changed = () => {
    box.classList.toggle("is-empty", isEmpty());
    form.classList.toggle("has-text", !isEmpty());
    const html = editor.getHTML();
    if (isEmpty()) drafts.clear(key);
    else if (html.length <= KEPT_AT_MOST_CHARS) drafts.write(key, html);
  };
  const bar = form.querySelector(".tools");
  const shown = () => {
    for (const button of bar.querySelectorAll("[data-tool]")) {
      button.setAttribute("aria-pressed", String(tools[button.dataset.tool].test(editor)));
    }
  };
  editor.addEventListener("input", changed);
  editor.addEventListener("pathChange", shown);
  editor.addEventListener("select", shown);
  bar.hidden = false;
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("click", (event) => {
    const tool = tools[event.target.closest("[data-tool]")?.dataset.tool];
    if (!tool) return;
    tool.test(editor) ? tool.off(editor) : tool.on(editor);
    editor.focus();
    shown();
    changed();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      box.blur();
    }
  });
  form.addEventListener("submit", (event) => {
    if (isEmpty() || form.dataset.isSent) {
      event.preventDefault();
      if (!form.dataset.isSent) box.focus();
      return;
    }
    form.dataset.isSent = "yes";
    area.value = box.innerText.replaceAll("\u00a0\n", "\n").trim();
    rich.value = editor.getHTML();
    rich.disabled = false;
    drafts.write(`${key}.sending`, rich.value);
    drafts.clear(key);
  });
  // Coming back with the browser's back button: the form may be sent again.
  window.addEventListener("pageshow", () => { delete form.dataset.isSent; });
  changed();
}

if (root) {
  // What was visible above stays visible: the page moves up by as much as the composer grows.
  const use = () => {
    if (root.classList.contains("is-used")) return;
    const before = root.offsetHeight;
    root.classList.add("is-used");
    if (getComputedStyle(root).position === "sticky") scrollBy({ top: root.offsetHeight - before, behavior: "instant" });
  };
  // Growing on the press of a tab would move the tab from under the pointer: tabs count when they are chosen.
  root.addEventListener("focusin", (event) => { if (event.target.closest(".write")) use(); });
  root.addEventListener("click", (event) => { if (event.target.closest(".kinds")) use(); });
  const { default: Squire } = await import(root.dataset.squire);
  for (const form of root.querySelectorAll("form.write")) enrich(form, Squire);
}
