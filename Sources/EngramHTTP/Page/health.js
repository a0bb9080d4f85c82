// How store, cache, sync and index are.

import { get } from "./api.js";
import { announce, facts, make, replace, section, table } from "./dom.js";
import { bytes, micros, number, percent, plural, seconds } from "./format.js";

function state(isWell, text) {
  return make("span", { class: "outcome " + (isWell ? "success" : "failure") }, text);
}

function breaker(name, found) {
  if (!found) return [name, "none"];
  return [name, make("span", {}, state(found.state === "closed", found.state === "halfOpen" ? "half-open" : found.state),
    " opened " + plural(found.openedCount, "time") + ", " + plural(found.failuresInARow, "failure") + " in a row",
    found.lastFailure ? ", the last " + seconds(found.lastFailure.secondsAgo) + " ago: " + found.lastFailure.message : "")];
}

function operations(name, found) {
  return [name, number(found.count), number(found.failures), number(found.retries), micros(found.p50Microseconds),
    micros(found.p99Microseconds), micros(found.microsecondsMax)];
}

function store(found, hitRate) {
  const { statements } = found;
  const { readers } = statements;
  return section("Durable store", facts([
    ["State", state(found.isReachable, found.isReachable ? "reachable" : "away")], ["Problem", found.problem],
    ["Answers in", seconds(found.pingSeconds)], ["Size", bytes(found.fileBytes)],
    ["Write-ahead log", bytes(found.logBytes)],
    ["Free pages", found.pageCount ? percent(found.freePageCount / found.pageCount, 1) : null],
    ["Schema", found.schemaVersion], ["SQLite", found.sqliteVersion],
    ["Connections", `${readers.active} of ${readers.connectionsMax} at work, ${readers.idle} idle, ${readers.waiting} waited for`],
    ["Statements ready", percent(hitRate, 1)], breaker("Breaker of reads", statements.readBreaker),
    breaker("Breaker of writes", statements.writeBreaker),
  ]), table("Calls since the store was opened", ["Calls", "Count", "Failed", "Tried again", "p50", "p99", "Longest"], [
    operations("Reads", statements.reads), operations("Writes", statements.writes),
    ...(statements.snapshots ? [operations("Long reads", statements.snapshots)] : []),
  ]));
}

function cache(found) {
  if (!found) return section("Cache", make("p", { class: "problem" }, "It cannot be read."));
  const row = (name, of) => [name, number(of.reads), percent(of.hitRate, 1), number(of.writes), number(of.evictions),
    number(of.expirations), number(of.damagedValues)];
  return section("Cache", facts([
    ["Episodes", number(found.episodes) + " of at most " + number(found.episodesMax)],
    ["Bytes of them", bytes(found.episodeBytes) + " of at most " + bytes(found.episodeBytesMax)],
    ["Patterns", number(found.patterns)], ["Heuristics", number(found.heuristics)],
    ["Embeddings", number(found.embeddings)], ["Segments", number(found.segments)],
    ["Files", bytes(found.recordFileBytes) + " of records, " + bytes(found.segmentFileBytes) + " of segments"],
    ["Hit rate", percent(found.process.hitRate, 1)],
  ]), table("Reads and writes", ["By", "Reads", "Hits", "Writes", "Evicted", "Expired", "Damaged"], [
    row("this process", found.process), row("all processes", found.total),
  ]));
}

function sync(found, lag) {
  return section("Sync", facts([
    ["State", state(!found.isStoreAway && !found.failuresInARow, found.isStoreAway ? "store away"
      : found.failuresInARow ? "failing" : "well")],
    ["Problem", found.problem],
    ["Lag", lag === undefined || lag === null ? "not known" : lag === 0 ? "none: the cache has every change" : plural(lag, "change")],
    ["Went through", number(found.syncCount)], ["Failed", number(found.failureCount)],
    ["Last started by", found.lastTrigger], ["Stands at change", number(found.watermark)],
    ["Tried again in", found.retrySeconds ? seconds(found.retrySeconds) : null],
  ]));
}

function index(found) {
  if (!found) return section("Index", make("p", {}, "It is not known until the model is loaded and the store is there."));
  const covered = found.segments.reduce((sum, segment) => sum + segment.count, 0);
  return section("Index", facts([
    ["Embeddings", number(found.embeddingCount)], ["In segments", number(covered)],
    ["Scanned beside them", number(found.tailCount)], ["Of episodes that are gone", number(found.deadCount)],
  ]), found.segments.length ? table("Segments", ["Segment", "Vectors", "Size", "Model"], found.segments.map((segment) =>
    [segment.id, number(segment.count), bytes(segment.byteCount), segment.model]))
    : make("p", {}, "No segment was built yet: all embeddings are scanned, which few do not need better."));
}

export async function showHealth(root, { signal }) {
  const body = make("div", {});
  const button = make("button", { type: "button" }, "Look again");
  async function look() {
    const found = await get("/v1/health", {}, signal);
    const isWell = found.problems.length === 0;
    replace(body, make("p", { class: isWell ? "well" : "problem" }, isWell ? "All is well." : found.problems.join("; ")),
      store(found.store, found.statementCacheHitRate), cache(found.cache), sync(found.sync, found.unsyncedChanges),
      index(found.index));
    return isWell ? "All is well." : found.problems.join("; ");
  }
  button.addEventListener("click", () => look().then((text) => announce("Looked again. " + text),
    (error) => announce(error.message)));
  replace(root, make("div", { class: "headline" }, make("h1", {}, "Health"), button), body);
  await look();
}
