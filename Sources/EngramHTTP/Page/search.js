// Search: what is found while a question is typed, and what each score is made of.

import { post } from "./api.js";
import { announce, arrows, episodeLink, line, make, outcome, replace, tags } from "./dom.js";
import { day, number, plural, word } from "./format.js";

const pauseMilliseconds = 150;
const parts = {
  semantic: "meaning", text: "words", neighbors: "neighbours' words", session: "session", substance: "substance",
  recency: "recency", reward: "reward", context: "context", effectiveness: "effectiveness",
};
const modes = { hybrid: "meaning and words", vector: "meaning alone", text: "words alone" };
const outcomes = {
  "": "any outcome", success: "success", partialSuccess: "partial", failure: "failure", abstained: "abstained",
};
const periods = { "": "any time", "7d": "last week", "4w": "last month", "1y": "last year" };

/// What was chosen, as the address keeps it, so that going back brings it back.
function question(fields) {
  const values = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value.trim()]));
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value && !(name === "mode" && value === "hybrid")));
}

function choice(id, label, options, chosen) {
  const field = make("select", { id }, Object.entries(options).map(([value, text]) =>
    make("option", { value, selected: value === chosen }, text)));
  return [field, make("label", { for: id }, label, field)];
}

/// The parts of a score as a bar and in words: the bar shows at a glance what the words say.
function explanation(hit) {
  if (!hit.parts) return null;
  const shown = Object.entries(parts).map(([name, label]) => [name, label, hit.parts[name] ?? 0])
    .filter(([, , value]) => Math.abs(value) >= 0.0005);
  const sum = shown.reduce((sum, [, , value]) => sum + Math.max(0, value), 0) || 1;
  const bar = make("span", { class: "bar", "aria-hidden": "true" }, shown.map(([name, , value]) => {
    const piece = make("span", { class: "part-" + name });
    piece.style.width = (Math.max(0, value) / sum) * 100 + "%";
    return piece;
  }));
  return make("details", {}, make("summary", {}, bar, make("span", {}, "Why: " + shown
    .slice().sort((left, right) => right[2] - left[2]).slice(0, 2)
    .map(([, label, value]) => label + " " + number(value, 2)).join(", "))),
    make("dl", { class: "parts" }, shown.map(([name, label, value]) => make("div", {},
      make("dt", {}, make("span", { class: "swatch part-" + name, "aria-hidden": "true" }), label),
      make("dd", {}, number(value, 3))))));
}

function item(hit) {
  const { episode } = hit;
  const link = episodeLink(episode.id, episode.taskDescription || episode.id);
  link.className = "hit-link";
  return make("li", { class: hit.isWeak ? "hit weak" : "hit" },
    make("h3", {}, link),
    line(outcome(episode.outcome), episode.domain, word(episode.taskType),
      day(episode.startTime), "score " + number(hit.score, 3),
      hit.similarity === undefined ? null : "likeness " + number(hit.similarity, 2),
      hit.isWeak ? make("strong", {}, "weak: most likely no answer") : null,
      episode.supersededBy ? "superseded" : null),
    episode.verdict ? make("p", { class: "verdict" }, episode.verdict) : null,
    tags(episode.tags), explanation(hit));
}

export async function showSearch(root, { values, signal, namespace }) {
  const query = make("input", {
    id: "query", type: "search", autocomplete: "off", spellcheck: "false", value: values.get("query") ?? "",
    placeholder: "what went wrong, what was done, in plain words", "aria-describedby": "query-help",
    "aria-controls": "hits",
  });
  const [mode, modeLabel] = choice("mode", "By", modes, values.get("mode") ?? "hybrid");
  const [ending, endingLabel] = choice("outcome", "Ended in", outcomes, values.get("outcome") ?? "");
  const [since, sinceLabel] = choice("since", "Since", periods, values.get("since") ?? "");
  const domain = make("input", { id: "domain", autocomplete: "off", value: values.get("domain") ?? "" });
  const fields = { query, mode, outcome: ending, since, domain };
  const count = make("p", { class: "count" });
  const hits = make("ol", { id: "hits", class: "hits", "aria-label": "Results" });
  replace(root, make("h1", {}, "Search"),
    make("form", { role: "search", class: "search", onsubmit: (event) => { event.preventDefault(); ask(); } },
      make("label", { for: "query", class: "wide" }, "Question", query),
      make("p", { id: "query-help", class: "unseen" },
        "Results come while you type. The arrow down key goes to them, Enter opens one."),
      modeLabel, endingLabel, sinceLabel, make("label", { for: "domain" }, "Domain", domain)),
    count, hits);
  let asked;
  let timer;

  async function ask() {
    clearTimeout(timer);
    asked?.abort();
    asked = new AbortController();
    const chosen = question(fields);
    const address = "#/search" + (Object.keys(chosen).length ? "?" + new URLSearchParams(chosen) : "");
    if (!signal.aborted) history.replaceState(null, "", address);
    if (!chosen.query) {
      replace(hits);
      count.textContent = "Type a question. Episodes are found by meaning and by words.";
      return;
    }
    try {
      const found = await post("/v1/search", {
        ...chosen, limit: 20, explain: true, ...(namespace ? { namespace } : {}),
      }, AbortSignal.any([signal, asked.signal]));
      replace(hits, found.hits.map(item));
      arrows(hits, ".hit-link");
      const isWeak = found.hits.length > 0 && found.hits.every((hit) => hit.isWeak);
      const text = (found.hits.length ? plural(found.hits.length, "result") : "Nothing is found.")
        + (isWeak ? ", all weak: most likely nothing that is remembered answers this" : "")
        + (found.note ? "; " + found.note : "");
      count.textContent = text;
      announce(text);
    } catch (error) {
      if (error.name === "AbortError") return;
      replace(hits);
      count.textContent = error.message;
      announce(error.message);
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pauseMilliseconds);
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  query.addEventListener("input", soon);
  domain.addEventListener("input", soon);
  for (const field of [mode, ending, since]) field.addEventListener("change", ask);
  query.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    hits.querySelector(".hit-link")?.focus();
  });
  hits.addEventListener("leave", () => query.focus());
  query.focus();
  await ask();
  query.setSelectionRange(query.value.length, query.value.length);
}
