// What has been learned: patterns in pages, by kind, or by meaning.

import { escaped, get, post } from "./api.js";
import { announce, arrows, line, make, replace } from "./dom.js";
import { number, percent, plural, word } from "./format.js";

const kinds = ["toolSequence", "decisionPoint", "errorRecovery", "contextPattern"];
const pauseMilliseconds = 200;

/// A pattern in words, from what its kind has.
export function summary(kind) {
  switch (kind.name) {
    case "toolSequence": return kind.tools.join(" → ");
    case "decisionPoint": return kind.condition + ": " + kind.action;
    case "errorRecovery": return kind.errorType + ": " + kind.recoverySteps.join("; ");
    default: return kind.features.join(", ") + ": " + kind.recommendedApproach;
  }
}

function item(pattern) {
  const isShort = typeof pattern.kind === "string";
  const use = isShort ? pattern : pattern.effectiveness;
  return make("li", {},
    make("h3", {}, make("a", { class: "hit-link", href: "#/pattern/" + escaped(pattern.id) },
      isShort ? pattern.summary : summary(pattern.kind))),
    line(word(isShort ? pattern.kind : pattern.kind.name),
      isShort ? pattern.domain : pattern.context.domain,
      "seen in " + plural(pattern.occurrenceCount, "episode"), "success " + percent(pattern.successRate),
      use.timesApplied ? "applied " + number(use.timesApplied) + ", helped " + number(use.successWhenApplied) : "not applied yet",
      isShort ? "like the question " + number(pattern.likeness, 2) : null));
}

export async function showPatterns(root, { values, signal, namespace }) {
  const kind = make("select", { id: "kind" }, make("option", { value: "" }, "all kinds"), kinds.map((name) =>
    make("option", { value: name, selected: values.get("kind") === name }, word(name))));
  const query = make("input", {
    id: "query", type: "search", autocomplete: "off", value: values.get("query") ?? "",
    placeholder: "leave empty for all", "aria-controls": "patterns",
  });
  const count = make("p", { class: "count" });
  const list = make("ol", { id: "patterns", class: "hits", "aria-label": "Patterns" });
  const more = make("button", { type: "button", hidden: true }, "More");
  replace(root, make("h1", {}, "Patterns"),
    make("form", { class: "search", role: "search", onsubmit: (event) => { event.preventDefault(); start(); } },
      make("label", { for: "query", class: "wide" }, "By meaning", query),
      make("label", { for: "kind" }, "Kind", kind)),
    count, list, more);
  let cursor;
  let timer;
  let turn = 0;

  function tell(found, isMore) {
    arrows(list, ".hit-link");
    more.hidden = !cursor;
    count.textContent = list.children.length
      ? plural(list.children.length, "pattern") + (cursor ? " so far" : "")
      : query.value.trim() ? "Nothing that was learned is like this." : "Nothing has been learned yet.";
    announce(count.textContent);
    if (isMore) list.children[list.children.length - found.length]?.querySelector("a").focus();
  }

  async function page(isMore) {
    const own = ++turn;
    const found = await get("/v1/patterns", { kind: kind.value, namespace, limit: 50, cursor }, signal);
    if (own !== turn) return;
    cursor = found.nextCursor;
    list.append(...found.patterns.map(item));
    tell(found.patterns, isMore);
  }

  async function start() {
    clearTimeout(timer);
    const chosen = { query: query.value.trim(), kind: kind.value };
    const kept = Object.entries(chosen).filter(([, value]) => value);
    if (!signal.aborted) history.replaceState(null, "", "#/patterns" + (kept.length ? "?" + new URLSearchParams(kept) : ""));
    cursor = undefined;
    try {
      if (!chosen.query) {
        turn += 1;
        replace(list);
        await page(false);
        return;
      }
      const own = ++turn;
      const found = await post("/v1/patterns/search", {
        query: chosen.query, limit: 30, ...(chosen.kind ? { kind: chosen.kind } : {}), ...(namespace ? { namespace } : {}),
      }, signal);
      if (own !== turn) return;
      replace(list, found.patterns.map(item));
      tell(found.patterns, false);
    } catch (error) {
      if (error.name !== "AbortError") count.textContent = error.message;
    }
  }

  more.addEventListener("click", () => page(true).catch((error) => { count.textContent = error.message; }));
  kind.addEventListener("change", start);
  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(start, pauseMilliseconds);
  });
  signal.addEventListener("abort", () => clearTimeout(timer));
  query.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    list.querySelector(".hit-link")?.focus();
  });
  list.addEventListener("leave", () => query.focus());
  await start();
}
