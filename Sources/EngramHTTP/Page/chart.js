// Charts as drawings with a name; what they show stands in a table beside them.

import { make, makeSVG } from "./dom.js";

const size = { width: 640, height: 260 };
const edge = { left: 56, right: 44, top: 14, bottom: 40 };

/// A scale from values to places, with marks at round values.
function scale([low, high], from, to, isLogarithmic) {
  const shape = isLogarithmic ? Math.log10 : (value) => value;
  const [start, end] = [shape(low), shape(high)];
  const width = end - start || 1;
  const place = (value) => from + ((shape(value) - start) / width) * (to - from);
  const marks = [];
  if (isLogarithmic) {
    for (let power = Math.floor(start); power <= Math.ceil(end); power += 1) {
      for (const step of [1, 2, 5]) {
        const value = step * 10 ** power;
        if (value >= low * 0.999 && value <= high * 1.001) marks.push(value);
      }
    }
  } else {
    for (let index = 0; index <= 4; index += 1) marks.push(low + (index / 4) * (high - low));
  }
  return { place, marks };
}

/// Lines over two axes.
///
/// - lines: [{ name, className, points: [[x, y], …], area? }]; with `area` the line is filled to the bottom.
/// - x, y: { name, range, text(value), isLogarithmic? }
export function lineChart(title, x, y, lines) {
  const across = scale(x.range, edge.left, size.width - edge.right, x.isLogarithmic);
  const up = scale(y.range, size.height - edge.bottom, edge.top, y.isLogarithmic);
  const bottom = size.height - edge.bottom;
  const path = (points) => points.map(([left, top], index) =>
    (index ? "L" : "M") + across.place(left).toFixed(1) + " " + up.place(top).toFixed(1)).join(" ");
  const drawing = makeSVG("svg", { viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "aria-label": title, class: "chart" },
    up.marks.map((value) => [
      makeSVG("line", { class: "grid", x1: edge.left, x2: size.width - edge.right, y1: up.place(value), y2: up.place(value) }),
      makeSVG("text", { x: edge.left - 8, y: up.place(value) + 4, "text-anchor": "end" }, y.text(value)),
    ]).flat(),
    across.marks.map((value) => makeSVG("text", { x: across.place(value), y: bottom + 18, "text-anchor": "middle" }, x.text(value))),
    makeSVG("text", { class: "axis", x: (edge.left + size.width - edge.right) / 2, y: size.height - 4, "text-anchor": "middle" }, x.name),
    lines.map((line) => [
      makeSVG("path", { class: "line " + line.className, d: path(line.points), fill: "none" }),
      ...line.points.map(([left, top]) => makeSVG("circle", { class: "dot " + line.className, cx: across.place(left), cy: up.place(top), r: 4 })),
    ]).flat());
  return make("figure", {}, make("figcaption", {}, title,
    lines.length > 1 ? make("span", { class: "legend" }, lines.map((line) =>
      make("span", { class: "key " + line.className }, line.name))) : null), drawing);
}

/// Bars from left to right, each with its figure.
export function bars(title, rows, text) {
  const most = Math.max(...rows.map(([, value]) => value), 0) || 1;
  return make("figure", {}, make("figcaption", {}, title), make("ul", { class: "bars" }, rows.map(([name, value]) => {
    const bar = make("span", { class: "filled", "aria-hidden": "true" });
    bar.style.width = (value / most) * 100 + "%";
    return make("li", {}, make("span", { class: "name" }, name), make("span", { class: "track" }, bar),
      make("span", { class: "figure" }, text(value)));
  })));
}
