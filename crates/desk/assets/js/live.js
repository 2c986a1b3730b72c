// Keeps what is on screen up to date: when the desk says that a view changed, the regions that show it are fetched
// again and morphed in place by htmx, which leaves focus, scroll, open details and drafts alone.
// One connection a browser, in a SharedWorker; where there is none, one a page.

const here = document.querySelector("script[data-worker]");
const notice = document.querySelector("[data-live-notice]");
const NOTICE_MILLISECONDS = 4000;
const PAUSE_MILLISECONDS = 1000;
const waiting = new Set();
const quietUntil = new Map();

function changed(view) {
  waiting.add(view);
  refresh();
}

// At once, then at most once a second for each view on screen. Not while nobody looks: what changed meanwhile is fetched
// when they come back.
function refresh() {
  if (document.hidden) return;
  for (const view of [...waiting]) {
    const isShown = (region) => view === "*" || region.dataset.live === view;
    const regions = [...document.querySelectorAll("[data-live]")].filter(isShown);
    const pause = (quietUntil.get(view) ?? 0) - Date.now();
    if (regions.length > 0 && pause > 0) {
      setTimeout(refresh, pause);
      continue;
    }
    waiting.delete(view);
    if (regions.length === 0) continue;
    quietUntil.set(view, Date.now() + PAUSE_MILLISECONDS);
    for (const region of regions) {
      htmx.trigger(region, "renew");
      if (region.dataset.liveWords && view !== "*") say(region.dataset.liveWords);
    }
  }
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
