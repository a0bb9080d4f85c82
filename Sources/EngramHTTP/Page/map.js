// A map of the episodes: those that are alike lie near. The list beside it is for the keyboard, and for those who do
// not see the drawing.

import { get } from "./api.js";
import { announce, arrows, episodeLink, make, makeSVG, outcome, replace } from "./dom.js";
import { number, percent, plural } from "./format.js";

// As many colours as can be told apart; the domains after them share one.
const colourCount = 8;
const shownInList = 200;
const half = 300;
const reach = 280;

/// The domains by how many episodes they have, each with its colour.
function legendOf(points) {
  const counts = new Map();
  for (const point of points) counts.set(point.domain, (counts.get(point.domain) ?? 0) + 1);
  const sorted = [...counts].sort((left, right) => right[1] - left[1] || left[0].localeCompare(right[0]));
  const entries = sorted.slice(0, colourCount).map(([domain, count], index) =>
    ({ name: domain, count, domains: new Set([domain]), className: "domain-" + index }));
  const rest = sorted.slice(colourCount);
  if (rest.length) {
    entries.push({
      name: rest.length + " others", count: rest.reduce((sum, [, count]) => sum + count, 0),
      domains: new Set(rest.map(([domain]) => domain)), className: "domain-other",
    });
  }
  return entries;
}

/// Where points stand in the drawing: as large as it can be, and of one scale in both directions.
function fitting(points) {
  const ends = ["x", "y"].map((axis) => points.reduce(
    ([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], [Infinity, -Infinity]));
  const [x, y] = ends.map(([low, high]) => (low + high) / 2);
  const scale = (2 * reach) / (Math.max(...ends.map(([low, high]) => high - low)) || 1);
  return (point) => [(point.x - x) * scale, (y - point.y) * scale];
}

export async function showMap(root, { signal, namespace }) {
  replace(root, make("h1", {}, "Map"), make("p", { class: "count" }, "The map is being drawn…"));
  const found = await get("/v1/map", { namespace }, signal);
  const { points } = found;
  if (!points.length) {
    replace(root, make("h1", {}, "Map"), make("p", { class: "count" }, "There is no episode to show yet."));
    return;
  }
  const legend = legendOf(points);
  const classes = new Map();
  for (const entry of legend) for (const domain of entry.domains) classes.set(domain, entry.className);
  const hidden = new Set();
  const marks = new Map();
  const ring = makeSVG("circle", { class: "ring", r: 11, cx: 0, cy: 0, visibility: "hidden" });
  const told = make("p", { class: "told" }, "Choose a point in the list, or in the drawing.");
  const drawing = makeSVG("svg", {
    viewBox: `${-half} ${-half} ${2 * half} ${2 * half}`, class: "plane", role: "img",
    "aria-label": "Map of " + plural(points.length, "episode") + "; the list beside it has the same points",
  });
  const list = make("ol", { class: "points", "aria-label": "Points" });
  const listCount = make("p", { class: "count" });
  const filter = make("input", { id: "filter", type: "search", autocomplete: "off" });

  const place = fitting(points);
  const choose = (point) => {
    const [x, y] = place(point);
    ring.setAttribute("cx", x);
    ring.setAttribute("cy", y);
    ring.setAttribute("visibility", "visible");
    replace(told, outcome(point.outcome), " ", point.domain, ": ", episodeLink(point.id, point.title));
  };

  for (const point of points) {
    const [cx, cy] = place(point);
    const mark = makeSVG("circle", {
      class: "point " + classes.get(point.domain), r: points.length > 500 ? 3.5 : 5.5, cx, cy,
    }, makeSVG("title", {}, point.domain + ": " + point.title));
    mark.addEventListener("mouseenter", () => choose(point));
    mark.addEventListener("click", () => { location.hash = "#/episode/" + encodeURIComponent(point.id); });
    marks.set(point.id, mark);
    drawing.append(mark);
  }
  drawing.append(ring);

  function fillList() {
    const wanted = filter.value.trim().toLowerCase();
    const wantedPoints = points.filter((point) => !hidden.has(classes.get(point.domain))
      && (point.title + " " + point.domain).toLowerCase().includes(wanted));
    replace(list, wantedPoints.slice(0, shownInList).map((point) => {
      const link = episodeLink(point.id, point.title);
      link.className = "point-link";
      link.pointOfMap = point;
      return make("li", {}, make("span", { class: "swatch " + classes.get(point.domain), "aria-hidden": "true" }),
        make("span", { class: "domain" }, point.domain), link);
    }));
    arrows(list, ".point-link", (link) => choose(link.pointOfMap));
    listCount.textContent = plural(wantedPoints.length, "point")
      + (wantedPoints.length > shownInList ? ", the first " + shownInList + " listed; filter for others" : "");
    for (const point of points) {
      marks.get(point.id).setAttribute("visibility", hidden.has(classes.get(point.domain)) ? "hidden" : "visible");
    }
  }

  filter.addEventListener("input", () => { fillList(); announce(listCount.textContent); });
  filter.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    list.querySelector(".point-link")?.focus();
  });
  list.addEventListener("leave", () => filter.focus());

  const [first, second] = found.explainedVariance;
  replace(root, make("h1", {}, "Map"),
    make("p", { class: "count" }, found.episodeCount > points.length
      ? number(points.length) + " of " + plural(found.episodeCount, "episode") + ", taken at even distances"
      : plural(points.length, "episode"),
    `. The two directions in which the embeddings vary most have ${percent(first + second, 1)} of their variance: `,
    "what lies far apart is unlike, what lies near may be."),
    make("div", { class: "map-layout" },
      make("div", {}, drawing, told,
        make("fieldset", { class: "legend" }, make("legend", {}, "Domains"), legend.map((entry) => {
          const box = make("input", { type: "checkbox", checked: true });
          box.addEventListener("change", () => {
            if (box.checked) hidden.delete(entry.className);
            else hidden.add(entry.className);
            fillList();
            announce(listCount.textContent);
          });
          return make("label", {}, box, make("span", { class: "swatch " + entry.className, "aria-hidden": "true" }),
            entry.name + " (" + number(entry.count) + ")");
        }))),
      make("div", {}, make("label", { for: "filter" }, "Points with", filter), listCount, list)));
  fillList();
}
