// What this server measured: its index against exact search, its store, and the requests it answered.

import { get, post, text } from "./api.js";
import { bars, lineChart } from "./chart.js";
import { announce, make, replace, section, table } from "./dom.js";
import { micros, number, percent, plural } from "./format.js";

/// Seconds by route, from the text that Prometheus reads.
function durations(metrics) {
  const routes = new Map();
  for (const line of metrics.split("\n")) {
    const found = /^engram_http_request_seconds_(bucket|sum|count)\{route="([^"]*)"(?:,le="([^"]*)")?\} (.+)$/.exec(line);
    if (!found) continue;
    const [, kind, route, bound, value] = found;
    if (!routes.has(route)) routes.set(route, { buckets: [] });
    const entry = routes.get(route);
    if (kind === "bucket") entry.buckets.push([bound === "+Inf" ? Infinity : Number(bound), Number(value)]);
    else entry[kind] = Number(value);
  }
  return routes;
}

/// The bound below which so large a share of the requests was answered.
function quantile({ buckets, count }, share) {
  const found = buckets.find(([, below]) => below >= share * count);
  return found ? found[0] : Infinity;
}

const bound = (value) => (value === Infinity ? "more than 10 s" : "≤ " + micros(value * 1e6));

function requests(metrics) {
  const rows = [...durations(metrics)].filter(([route, { count }]) => count && route.startsWith("/v1/"))
    .sort((left, right) => right[1].count - left[1].count).slice(0, 12);
  if (!rows.length) return make("p", {}, "No request was answered yet.");
  return make("div", {}, bars("Mean time of a request, by path", rows.map(([route, { sum, count }]) => [route, (sum / count) * 1e6]), micros),
    table("Requests since the server was started", ["Path", "Requests", "Mean", "Half of them", "99 of 100"],
      rows.map(([route, entry]) => [route, number(entry.count), micros((entry.sum / entry.count) * 1e6),
        bound(quantile(entry, 0.5)), bound(quantile(entry, 0.99))])));
}

function measured(found) {
  const { points } = found;
  if (!points.length) return [make("p", {}, "There is nothing to search yet.")];
  const recalls = points.map((point) => point.recallAt10);
  const low = Math.min(0.9, Math.floor(Math.min(...recalls) * 20) / 20);
  const times = points.flatMap((point) => [point.latencyMicrosecondsP50, point.latencyMicrosecondsP99]);
  const range = [Math.min(...times), Math.max(...times, found.exactMicrosecondsP50)];
  return [
    make("p", {}, `${found.queryCount + " searches"} for the ten nearest of ${plural(found.indexedCount + found.tailCount, "vector")} of ${number(found.dimension)} dimensions; exact search takes ${micros(found.exactMicrosecondsP50)}.`),
    make("div", { class: "charts" }, lineChart("What is found, by the time it takes", {
      name: "time of a search (logarithmic)", range, isLogarithmic: true, text: micros,
    }, { name: "recall", range: [low, 1], text: (value) => percent(value, 1) }, [
      { name: "half of the searches take at most", className: "first", points: points.map((point) => [point.latencyMicrosecondsP50, point.recallAt10]) },
      { name: "99 of 100", className: "second", points: points.map((point) => [point.latencyMicrosecondsP99, point.recallAt10]) },
    ])),
    table("The index against exact search", ["List size", "Recall@10", "p50", "p99", "Faster than exact search"],
      points.map((point) => [point.listSize, percent(point.recallAt10, 2), micros(point.latencyMicrosecondsP50),
        micros(point.latencyMicrosecondsP99), number(found.exactMicrosecondsP50 / point.latencyMicrosecondsP50, 1) + " ×"])),
  ];
}

export async function showBenchmarks(root, { signal }) {
  const result = make("div", {}, make("p", {}, "Nothing was measured yet. It takes from less than a second to some, by how much is remembered."));
  const button = make("button", { type: "button" }, "Measure the index");
  button.addEventListener("click", async () => {
    button.disabled = true;
    announce("The index is being measured.");
    try {
      const found = await post("/v1/index/measure", { queryCount: 100 }, signal);
      replace(result, measured(found));
      announce("The index was measured.");
    } catch (error) {
      if (error.name === "AbortError") return;
      replace(result, make("p", { class: "problem", role: "alert" }, error.message));
    } finally {
      button.disabled = false;
    }
  });
  const [{ store }, metrics] = await Promise.all([get("/v1/health", {}, signal), text("/metrics")]);
  const { reads, writes } = store.statements;
  replace(root, make("h1", {}, "Benchmarks"),
    make("p", { class: "count" }, "Figures of this server and this machine, measured since it was started, or now."),
    section("Index", button, result),
    section("Requests", requests(metrics)),
    section("Store", bars("Calls of the durable store", [
      ["reads, p50", reads.p50Microseconds], ["reads, p99", reads.p99Microseconds],
      ["writes, p50", writes.p50Microseconds], ["writes, p99", writes.p99Microseconds],
    ], micros)));
}
