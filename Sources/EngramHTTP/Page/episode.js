// One episode whole: what was done, how it ended, what it is linked to, and what replaced it.

import { escaped, get } from "./api.js";
import { episodeLink, facts, line, make, outcome, replace, section, table, tags } from "./dom.js";
import { summary } from "./patterns.js";
import { number, plural, seconds, time, word } from "./format.js";

const shownPatterns = 12;
const rewardParts = {
  total: "total", base: "base", efficiency: "× efficiency", complexityBonus: "× complexity",
  qualityMultiplier: "× quality", learningBonus: "+ learning",
};

function ending(result) {
  if (!result) return ["none", "no result"];
  if (result.kind === "success") return ["success", result.output ?? ""];
  if (result.kind === "error") return ["failure", result.message ?? ""];
  return ["failure", "timed out"];
}

function step(found) {
  const [kind, text] = ending(found.result);
  const parameters = found.parameters === undefined || found.parameters === null ? "" : JSON.stringify(found.parameters, null, 2);
  return make("li", { class: "step " + kind, value: found.number },
    make("p", { class: "action" }, make("code", {}, found.tool), " ", found.action),
    line(kind === "success" ? "success" : kind === "failure" ? "failed" : "no result",
      time(found.timestamp), found.latency ? seconds(found.latency) : null,
      found.tokensUsed ? plural(found.tokensUsed, "token") : null),
    text ? make("pre", {}, text) : null,
    parameters && parameters !== "{}" ? make("details", {}, make("summary", {}, "Parameters"), make("pre", {}, parameters)) : null);
}

function told(found) {
  if (!found) return null;
  const pairs = Object.entries(found).filter(([name, value]) => name !== "kind" && value !== null && value.length !== 0)
    .map(([name, value]) => [word(name).replace(/^./, (letter) => letter.toUpperCase()), Array.isArray(value) ? make("ul", {}, value.map((text) => make("li", {}, String(text)))) : String(value)]);
  return section("How it ended", make("p", {}, outcome(found.kind)), facts(pairs));
}

function list(title, texts) {
  return texts && texts.length ? [make("h3", {}, title), make("ul", {}, texts.map((text) => make("li", {}, text)))] : [];
}

/// What a pattern says, where it is still there.
async function patternLink(id, signal) {
  const link = make("a", { href: "#/pattern/" + escaped(id) }, id);
  try {
    const { pattern } = await get("/v1/patterns/" + escaped(id), {}, signal);
    link.textContent = summary(pattern.kind);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return make("span", {}, id + " (gone)");
  }
  return link;
}

async function patterns(episode, signal) {
  const shown = (episode.patternIDs ?? []).slice(0, shownPatterns).map((id) => ["shows ", id, ""]);
  const applied = (episode.appliedPatterns ?? []).slice(0, shownPatterns)
    .map(({ patternID, effect }) => ["applied ", patternID, effect ? ": " + word(effect) : ""]);
  if (!shown.length && !applied.length) return null;
  return section("Patterns", make("ul", {}, await Promise.all([...shown, ...applied].map(async ([before, id, after]) =>
    make("li", {}, before, await patternLink(id, signal), after)))));
}

function relations(id, found) {
  if (!found.length) return make("p", {}, "It is linked to no other episode.");
  return make("ul", {}, found.map((relation) => {
    const isOutgoing = relation.from === id;
    const other = isOutgoing ? relation.to : relation.from;
    return make("li", {}, (isOutgoing ? "" : "from it: ") + word(relation.kind) + " ", episodeLink(other),
      relation.reason ? " – " + relation.reason : "");
  }));
}

function versions(id, found) {
  if (found.length < 2) return make("p", {}, "Nothing replaced it, and it replaced nothing.");
  return make("ol", {}, found.map((episode) => make("li", { "aria-current": episode.id === id ? "true" : undefined },
    episode.id === id ? make("strong", {}, "this episode") : episodeLink(episode.id, episode.taskDescription),
    " ", time(episode.startTime))));
}

export async function showEpisode(root, { id, signal }) {
  const path = "/v1/episodes/" + escaped(id);
  const { episode } = await get(path, {}, signal);
  const [links, chain] = await Promise.all([
    get(path + "/relations", {}, signal), get(path + "/history", {}, signal),
  ]);
  const { context, reward, reflection } = episode;
  replace(root,
    make("p", { class: "back" }, make("a", { href: "#/search", onclick: (event) => {
      // Back to the question that led here, if one did.
      if (window.history.length > 1) { event.preventDefault(); window.history.back(); }
    } }, "← Back")),
    make("h1", {}, episode.taskDescription || episode.id),
    line(outcome(episode.outcome?.kind), context?.domain, word(episode.taskType),
      time(episode.startTime), episode.supersededBy ? "superseded" : null),
    tags(episode.tags),
    section("What it was", facts([
      ["Id", episode.id], ["Namespace", episode.namespace], ["Language", context?.language],
      ["Framework", context?.framework], ["Complexity", context?.complexity], ["Agent", episode.agentID],
      ["Session", episode.sessionID], ["Ended", episode.endTime ? time(episode.endTime) : null],
      ...Object.entries(episode.metadata ?? {}),
    ])),
    told(episode.outcome),
    reward ? section("Reward", table("What the reward is made of", ["Part", "Value"],
      Object.entries(rewardParts).filter(([name]) => reward[name] !== undefined)
        .map(([name, label]) => [label, number(reward[name], 3)]))) : null,
    section("Steps", episode.steps?.length
      ? make("ol", { class: "steps" }, episode.steps.map(step)) : make("p", {}, "No step was logged.")),
    reflection ? section("Reflection", list("Successes", reflection.successes),
      list("Improvements", reflection.improvements), list("Insights", reflection.insights)) : null,
    await patterns(episode, signal),
    section("Relations", relations(episode.id, links.relations)),
    section("History", versions(episode.id, chain.episodes)));
  document.title = episode.taskDescription.slice(0, 60) + " · Engram";
}
