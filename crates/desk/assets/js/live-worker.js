// One connection for all pages of a browser. A page says hello with the address of the stream, and goodbye when it
// is left; with no page left the connection is closed.

const pages = new Set();
let source = null;
let wasOpen = false;

function tell(view) {
  for (const page of pages) page.postMessage(view);
}

function listen(address) {
  if (source && source.readyState !== EventSource.CLOSED) return;
  source = new EventSource(address);
  source.addEventListener("view", (event) => tell(event.data));
  // What happened while the line was down is unknown: after a new start everything is fetched once.
  source.addEventListener("open", () => {
    if (wasOpen) tell("*");
    wasOpen = true;
  });
}

self.onconnect = (event) => {
  const page = event.ports[0];
  pages.add(page);
  page.onmessage = ({ data }) => {
    if (data.isLeaving) pages.delete(page);
    else {
      pages.add(page);
      listen(data.source);
    }
    if (pages.size === 0) {
      source?.close();
      source = null;
      wasOpen = false;
    }
  };
  page.start();
};
