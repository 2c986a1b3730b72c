// Keeps what is on screen up to date: when the desk says that a view changed, the regions that show it are fetched
// again and morphed in place by htmx, which leaves focus, scroll, open details and drafts alone.
// One connection a browser, in a SharedWorker; where there is none, one a page.

const here = document.querySelector("script[data-worker]");
const notice = document.querySelector("[data-live-notice]");
const NOTICE_MILLISECONDS = 4000;
const PAUSE_MILLISECONDS = 1000;
const waiting = new Set();
let quietUntil = 0;

function changed(view) {
  waiting.add(view);
  if (document.hidden) return;
  setTimeout(refresh, Math.max(0, quietUntil - Date.now()));
}

// At most once a second, and not while nobody looks: what changed meanwhile is fetched when they come back.
function refresh() {
  if (waiting.size === 0 || document.hidden || Date.now() < quietUntil) return;
  quietUntil = Date.now() + PAUSE_MILLISECONDS;
  for (const region of document.querySelectorAll("[data-live]")) {
    if (!waiting.has("*") && !waiting.has(region.dataset.live)) continue;
    htmx.trigger(region, "renew");
    if (region.dataset.liveWords && !waiting.has("*")) say(region.dataset.liveWords);
  }
  waiting.clear();
}

function say(words) {
  notice.textContent = words;
  setTimeout(() => { notice.textContent = ""; }, NOTICE_MILLISECONDS);
}

document.addEventListener("visibilitychange", refresh);
window.addEventListener("pageshow", (event) => { if (event.persisted) changed("*"); });

if (document.querySelector("[data-live]")) {
  if ("SharedWorker" in window) {
    const worker = new SharedWorker(here.dataset.worker, { name: "suivi-live" });
    worker.port.onmessage = (event) => changed(event.data);
    worker.port.start();
    worker.port.postMessage({ source: here.dataset.source });
    window.addEventListener("pagehide", () => worker.port.postMessage({ isLeaving: true }));
  } else {
    const source = new EventSource(here.dataset.source);
    source.addEventListener("view", (event) => changed(event.data));
  }
}
