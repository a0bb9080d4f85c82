// Elements made of names and texts. Texts come from episodes, which anybody may have written: they are only ever
// set as text, and the policy of the page has the browser refuse everything else.

const svgNamespace = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child)))));
  return element;
}

/// An element: make("a", { href }, "text", otherElement).
export function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function makeSVG(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, name), attributes, children);
}

/// Puts others in the place of what is in an element.
export function replace(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child));
}

/// Tells those who do not see the page.
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/// A heading and what stands under it, as a region that has its name.
export function section(title, ...children) {
  const id = "section-" + title.toLowerCase().replace(/[^a-z]+/g, "-");
  return make("section", { "aria-labelledby": id }, make("h2", { id }, title), ...children);
}

/// Names and values in two columns; those without a value are left out.
export function facts(pairs) {
  return make("dl", { class: "facts" }, pairs
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

/// A table with a caption.
export function table(caption, heads, rows) {
  return make("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": caption },
    make("table", {}, make("caption", {}, caption),
      make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, rows.map((row) => make("tr", {}, row.map((cell, index) =>
        index === 0 ? make("th", { scope: "row" }, cell) : make("td", {}, cell)))))));
}

export function tags(names) {
  return names && names.length
    ? make("ul", { class: "tags", "aria-label": "Tags" }, names.map((name) => make("li", {}, name))) : null;
}

/// How something ended, in a word that is also coloured.
export function outcome(kind) {
  const words = {
    success: "success", partialSuccess: "partial", failure: "failure", abstained: "abstained",
  };
  return make("span", { class: "outcome " + (words[kind] ?? "open") }, words[kind] ?? "unfinished");
}

/// What there is to say in a line, piece by piece.
export function line(...pieces) {
  return make("p", { class: "meta" }, pieces.filter((piece) => piece !== undefined && piece !== null && piece !== "")
    .map((piece) => (piece instanceof Node ? piece : make("span", {}, piece))));
}

export const episodeLink = (id, text) => make("a", { href: "#/episode/" + encodeURIComponent(id) }, text ?? id);

/// Goes through what can be chosen in a list with the arrow keys, Home and End. One of them is in the order of Tab.
export function arrows(list, selector, onFocus = () => {}) {
  const items = () => [...list.querySelectorAll(selector)];
  const choose = (item) => {
    for (const other of items()) other.tabIndex = other === item ? 0 : -1;
  };
  items().forEach((item, index) => { item.tabIndex = index === 0 ? 0 : -1; });
  list.addEventListener("focusin", (event) => {
    const item = event.target.closest(selector);
    if (item) { choose(item); onFocus(item); }
  });
  list.addEventListener("keydown", (event) => {
    const all = items();
    const place = all.indexOf(document.activeElement);
    const next = {
      ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: all.length - 1,
    }[event.key];
    if (next === undefined || place < 0) return;
    event.preventDefault();
    if (next < 0) list.dispatchEvent(new CustomEvent("leave"));
    else all[Math.min(next, all.length - 1)].focus();
  });
}
