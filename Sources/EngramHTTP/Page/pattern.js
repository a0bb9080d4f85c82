// A pattern: why it is believed, from which episodes it comes, and how it did over time.

import { escaped, get } from "./api.js";
import { lineChart } from "./chart.js";
import { episodeLink, facts, line, make, outcome, replace, section, table } from "./dom.js";
import { mark, number, percent, plural, time, word } from "./format.js";

// The most episodes and uses that the server tells at once.
const limit = 500;
// The share of a normal distribution that Wilson's interval leaves out is 5 %.
const z = 1.96;

/// The lower end of Wilson's interval: what can be relied on after so many tries.
function wilson(successes, count) {
  if (!count) return 0;
  const share = successes / count;
  const square = (z * z) / count;
  const spread = z * Math.sqrt((share * (1 - share)) / count + square / (4 * count));
  return Math.max(0, (share + square / 2 - spread) / (1 + square));
}

const value = { success: 1, partialSuccess: 0.5, failure: 0, abstained: 0, helped: 1, noEffect: 0.5, hindered: 0 };

/// What was known at each time: the share of successes so far, and its bound.
function course(found) {
  let successes = 0;
  return found.filter(({ kind }) => kind in value).sort((left, right) => left.at - right.at).map(({ at, kind }, index) => {
    successes += value[kind];
    return { at, kind, share: successes / (index + 1), bound: wilson(successes, index + 1), count: index + 1 };
  });
}

function chart(title, points, shareName) {
  if (points.length < 2) return null;
  let range = [points[0].at, points.at(-1).at];
  if (range[0] === range[1]) range = [range[0] - 43200000, range[1] + 43200000];
  return lineChart(title, { name: "time", range, text: (at) => mark(at, range) },
    { name: "share", range: [0, 1], text: (share) => percent(share) }, [
      { name: shareName, className: "first", points: points.map(({ at, share }) => [at, share]) },
      { name: "at least, with 95 % confidence", className: "second", points: points.map(({ at, bound }) => [at, bound]) },
    ]);
}

/// Says where the counts begin, if what came before was left out.
function extent(rows, what) {
  return rows.length < limit ? null
    : make("p", {}, "Counted from the latest " + number(limit) + " " + what + " on; earlier ones are left out.");
}

function evidence(found) {
  const points = course(found.evidence.map((episode) => ({ at: Date.parse(episode.startTime), kind: episode.outcome })));
  return section("Evidence", extent(found.evidence, "episodes"),
    chart("Success of the episodes that show it, over time", points, "successes so far"),
    found.evidence.length ? table("Episodes that show it, latest first", ["Episode", "Outcome", "Reward", "Start"],
      found.evidence.map((episode) => [
        episodeLink(episode.id, episode.taskDescription), outcome(episode.outcome), number(episode.reward, 2),
        time(episode.startTime),
      ])) : make("p", {}, "No episode that shows it is stored any more."));
}

function use(found) {
  const points = course(found.events.map((event) => ({ at: Date.parse(event.time), kind: event.effect })));
  return section("Effectiveness over time", extent(found.events, "recommendations and uses"),
    points.length ? null : make("p", {}, "Nobody has said yet what using it did."),
    chart("How often using it helped, over time", points, "helped so far"),
    found.events.length ? table("Recommendations and uses, latest first", ["Task", "What it did", "When"],
      found.events.map((event) => [
        event.episodeID ? episodeLink(event.episodeID, event.task) : event.task,
        event.effect ? word(event.effect) : "not said", time(event.time),
      ])) : make("p", {}, "It was never recommended or applied as far as is known."));
}

export async function showPattern(root, { id, signal }) {
  const found = await get("/v1/patterns/" + escaped(id) + "/history", { limit }, signal);
  const { pattern } = found;
  const { kind, context, effectiveness } = pattern;
  const steps = kind.recoverySteps ?? kind.tools;
  replace(root,
    make("p", { class: "back" }, make("a", { href: "#/patterns", onclick: (event) => {
      if (window.history.length > 1) { event.preventDefault(); window.history.back(); }
    } }, "← Back")),
    make("h1", {}, found.summary),
    line(word(kind.name), context.domain, context.language,
      "seen in " + plural(pattern.occurrenceCount, "episode")),
    section("What it says", facts([
      ["Condition", kind.condition], ["Action", kind.action], ["Error", kind.errorType],
      ["Features", kind.features?.join(", ")], ["Approach", kind.recommendedApproach],
      [kind.tools ? "Tools" : "Steps", steps ? make("ol", {}, steps.map((step) => make("li", {}, step))) : null],
    ])),
    section("Why it is believed", make("ul", {}, found.reasons.map((reason) => make("li", {}, reason))), facts([
      ["Success", percent(pattern.successRate)], ["At least", percent(found.successBound)],
      ["Recommended", number(effectiveness.timesRetrieved)], ["Applied", number(effectiveness.timesApplied)],
      ["Helped", number(effectiveness.successWhenApplied)], ["Hindered", number(effectiveness.failureWhenApplied)],
      ["Effectiveness", number(found.effectiveness, 2)],
      ["Last used", effectiveness.lastUsed ? time(effectiveness.lastUsed) : null],
    ])),
    use(found), evidence(found));
  document.title = found.summary.slice(0, 60) + " · Engram";
}
