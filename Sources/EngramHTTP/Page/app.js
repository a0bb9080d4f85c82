// Shows the view that the address names, and goes from one to the next by keys.

import { get, Refusal } from "./api.js";
import { announce, make, replace } from "./dom.js";
import { number } from "./format.js";
import { showBenchmarks } from "./benchmarks.js";
import { showEpisode } from "./episode.js";
import { showHealth } from "./health.js";
import { showMap } from "./map.js";
import { showPattern } from "./pattern.js";
import { showPatterns } from "./patterns.js";
import { showSearch } from "./search.js";

const views = {
  search: ["Search", showSearch], episode: ["Episode", showEpisode], patterns: ["Patterns", showPatterns],
  pattern: ["Pattern", showPattern], map: ["Map", showMap], health: ["Health", showHealth],
  benchmarks: ["Benchmarks", showBenchmarks],
};
const order = ["search", "patterns", "map", "health", "benchmarks"];
const main = document.getElementById("main");
const namespace = document.getElementById("namespace");
const singleKeys = document.getElementById("single-keys");
let current;
let shownView;

/// What a view gets: where to show itself, what it is about, and a signal that ends its questions.
function address() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const [name, ...rest] = path.split("/");
  const view = Object.hasOwn(views, name) ? name : "search";
  let id = rest.join("/");
  try {
    id = decodeURIComponent(id);
  } catch { /* An escape that is none: then there is nothing of this name. */ }
  return { view, id, values: new URLSearchParams(query ?? "") };
}

async function show() {
  current?.abort();
  current = new AbortController();
  const { signal } = current;
  const { view, id, values } = address();
  const [title, showView] = views[view];
  for (const link of document.querySelectorAll("nav a")) {
    const isCurrent = link.getAttribute("href") === "#/" + (
      { episode: "search", pattern: "patterns" }[view] ?? view);
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = title + " · Engram";
  const root = make("div", { class: "view " + view });
  replace(main, root);
  const isFirst = shownView === undefined;
  shownView = view;
  try {
    await showView(root, { id, values, signal, namespace: namespace.value || undefined });
    if (signal.aborted) return;
    // Who comes by a link begins where the view begins. Search has taken the focus to its field.
    if (!isFirst && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
    if (!isFirst && view !== "search") window.scrollTo(0, 0);
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted) return;
    root.append(make("p", { class: "problem", role: "alert" }, error instanceof Refusal
      ? error.message : "Something of this page failed: " + error.message));
    if (!(error instanceof Refusal)) console.error(error);
  }
}

function isTyping(target) {
  return target instanceof HTMLElement && target.closest("input, select, textarea, dialog[open]");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    if (["episode", "pattern"].includes(shownView)) history.back();
    return;
  }
  if (isTyping(event.target) || !singleKeys.checked) return;
  const place = "12345".indexOf(event.key);
  if (place >= 0) {
    location.hash = "#/" + order[place];
  } else if (event.key === "/") {
    event.preventDefault();
    const field = document.getElementById("query");
    if (field) field.focus();
    else location.hash = "#/search";
  }
});

document.getElementById("skip").addEventListener("click", (event) => {
  // The address is that of the view.
  event.preventDefault();
  main.focus();
});

// Who speaks to a computer, or misses keys, may not want keys that act by themselves.
singleKeys.checked = localStorage.getItem("engram.singleKeys") !== "off";
singleKeys.addEventListener("change", () => {
  localStorage.setItem("engram.singleKeys", singleKeys.checked ? "on" : "off");
});

namespace.addEventListener("change", () => {
  announce(namespace.value ? "Namespace " + namespace.value : "All namespaces");
  show();
});

async function start() {
  // First, so that only one question asks for the token.
  try {
    const status = await get("/v1/status");
    document.getElementById("state").textContent =
      status.home + " · " + number(status.episodes) + " episodes · model " + status.model;
    const { namespaces } = await get("/v1/namespaces");
    namespace.append(...namespaces.map((found) => make("option", { value: found.namespace }, found.namespace)));
  } catch (error) {
    document.getElementById("state").textContent = error.message;
  }
  window.addEventListener("hashchange", show);
  await show();
}

start();
