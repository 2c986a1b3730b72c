// Changes the theme at once and remembers it in a cookie, which the server reads to render `data-bs-theme`.
// Without this script the same buttons post the form. Also keeps the time zone of the browser, for dates.

const YEAR_SECONDS = 31536000;
const secure = location.protocol === "https:" ? "; Secure" : "";

function remember(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`;
}

for (const form of document.querySelectorAll("[data-theme-form]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "theme") return;
    event.preventDefault();
    document.documentElement.dataset.bsTheme = button.value;
    for (const other of document.querySelectorAll("[data-theme-form] [name=theme]")) {
      other.setAttribute("aria-pressed", String(other.value === button.value));
    }
    remember("suivi_theme", button.value);
  });
}

// A menu closes when the reader goes elsewhere, as menus do.
for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`suivi_zone=${encodeURIComponent(zone)}`)) remember("suivi_zone", zone);
