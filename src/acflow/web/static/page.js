// Links and forms with data-swap="#part" replace that part of the page by the same part of the answer.
// Without script they load the page, so nothing here is needed for anything to work.
const parser = new DOMParser();
/** @type {Map<string, AbortController>} */
const pending = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;

/**
 * Tell something in the page's status line; `shown` as a toast, else to screen readers alone.
 * @param {string} text
 * @param {boolean} [shown]
 */
export function say(text, shown = true) {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = text;
  live.className = shown ? "toast" : "visually-hidden";
  if (shown) setTimeout(() => { live.className = "visually-hidden"; }, 6000);
}

/**
 * Put every part of an answer in the place of the part with the same id.
 * @param {string} html
 * @returns {Document}
 */
function replaceParts(html) {
  const fresh = parser.parseFromString(html, "text/html");
  const focused = document.activeElement?.id;
  for (const part of fresh.querySelectorAll("[data-part]")) document.getElementById(part.id)?.replaceWith(part);
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("swapped"));
  return fresh;
}

/** @param {Location} place */
const addressOf = (place) => place.pathname + place.search;
let address = addressOf(location);

/**
 * @param {string} url
 * @param {string} selector
 * @param {{push?: boolean, method?: string, body?: URLSearchParams}} [options]
 */
export async function swap(url, selector, { push = true, method = "GET", body } = {}) {
  const target = document.querySelector(selector);
  if (!target) { location.assign(url); return; }
  pending.get(selector)?.abort();
  const control = new AbortController();
  pending.set(selector, control);
  target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { method, body, signal: control.signal, headers: { "X-Part": selector.slice(1) } });
    const type = answer.headers.get("content-type") ?? "";
    if (answer.redirected || !type.startsWith("text/html")) { location.assign(answer.url); return; }
    const fresh = replaceParts(await answer.text());
    if (fresh.title) document.title = fresh.title;
    if (push) {
      history.pushState({ part: selector }, "", answer.url);
      address = addressOf(location);
    }
    const said = /** @type {HTMLElement | null} */ (document.querySelector(selector))?.dataset.said;
    if (said) say(said, false);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    target.removeAttribute("aria-busy");
    say("The server does not answer. Is `acflow serve` still running?");
  }
}

/** @param {HTMLFormElement} form */
function submit(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const unused = pairs.findIndex(([name, value]) => name === "col" && !value);
  if (unused >= 0) pairs.splice(unused, 3);
  if (form.method === "get" && pairs[0]?.[0] === "q" && !pairs[0][1]) pairs.shift();
  const data = new URLSearchParams(/** @type {[string, string][]} */ (pairs));
  const part = form.dataset.swap ?? "";
  if (form.method === "get") swap(`${form.action}?${data}`, part);
  else swap(form.dataset.preview ?? form.action, part, { method: "POST", body: data, push: false });
}

document.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-swap]"));
  if (link && !(event.metaKey || event.ctrlKey || event.shiftKey || event.button)) {
    event.preventDefault();
    swap(link.href, link.dataset.swap ?? "");
  }
  const copy = /** @type {HTMLElement | null} */ (target.closest("[data-copy]"));
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy ?? "").then(() => say("Copied."));
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (form.matches("form[data-swap]") && !button?.name && !button?.hasAttribute("formaction") && !form.dataset.preview) {
    event.preventDefault();
    submit(form);
  }
});

document.addEventListener("input", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  const form = field.form;
  if (!form?.matches("form[data-live]")) return;
  clearTimeout(typing);
  typing = setTimeout(() => submit(form), field.matches("select, [type=checkbox], [type=radio]") ? 0 : 350);
});

// A link to a place within the page is a step in the history too, and changes nothing of what is there.
// On a telephone the navigation is a scrolling bar; where one is must not lie beyond its edge.
const bar = document.querySelector(".side ul"), here = /** @type {HTMLElement | null} */ (document.querySelector(".side [aria-current]"));
if (bar && here) bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;

addEventListener("popstate", () => { if (addressOf(location) !== address) location.reload(); });

// Parts that take their time are asked for after the page is there.
for (const box of document.querySelectorAll("[data-load]")) {
  swap(/** @type {HTMLElement} */ (box).dataset.load ?? "", `#${box.id}`, { push: false });
}

// Live parts: streamed only while the page is seen, since a browser has six connections for all its tabs.
for (const box of document.querySelectorAll("[data-stream]")) {
  const url = /** @type {HTMLElement} */ (box).dataset.stream ?? "";
  /** @type {EventSource | undefined} */
  let stream;
  const close = () => { stream?.close(); stream = undefined; };
  const open = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(url);
    stream.addEventListener("part", (event) => replaceParts(event.data));
    stream.addEventListener("end", () => { close(); location.reload(); });
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  open();
}

// A page that stays open says when a run has brought something newer; it never changes by itself what somebody reads.
const shown = document.documentElement.dataset.generation;
const newer = document.getElementById("newer");
async function look() {
  if (document.hidden || !newer?.hidden) return;
  try {
    const answer = await fetch("/runs/generation");
    newer.hidden = !answer.ok || answer.redirected || (await answer.text()) === shown;
  } catch { /* the server is gone; whoever clicks is told */ }
}
if (shown && newer) {
  setInterval(look, 20_000);
  document.addEventListener("visibilitychange", look);
}
