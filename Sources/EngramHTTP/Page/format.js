// Figures, times and sizes as people read them.

export function number(value, digits = 0) {
  return value === undefined || value === null
    ? "–" : value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

export function percent(share, digits = 0) {
  return share === undefined || share === null ? "–" : number(share * 100, digits) + " %";
}

export function bytes(count) {
  if (count === undefined || count === null) return "–";
  let value = count;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (value < 1024 || unit === "GiB") return number(value, unit === "B" ? 0 : 1) + " " + unit;
    value /= 1024;
  }
}

export function micros(value) {
  if (value === undefined || value === null) return "–";
  if (value < 1000) return number(value) + " µs";
  return value < 1e6 ? number(value / 1000, 1) + " ms" : number(value / 1e6, 1) + " s";
}

export const seconds = (value) => micros(value === undefined || value === null ? value : value * 1e6);

/// A moment to the minute, in the time of whoever reads.
export function time(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return String(text);
  return date.toLocaleString("en-CA", {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).replace(",", "");
}

/// For the marks of an axis: days, or times where it spans few of them.
export function mark(at, [from, to]) {
  const text = time(new Date(at).toISOString());
  const span = to - from;
  if (span > 4 * 86400000) return text.slice(0, 10);
  if (span > 86400000) return text.slice(5);
  return span > 600000 ? text.slice(11) : new Date(at).toLocaleTimeString("en", { hourCycle: "h23" });
}

export const day = (text) => time(text).slice(0, 10);

/// One of several: plural(2, "hit") is "2 hits".
export const plural = (count, word) => number(count) + " " + word + (count === 1 ? "" : "s");

const words = {
  toolSequence: "tool sequence", decisionPoint: "decision", errorRecovery: "way out of an error",
  contextPattern: "approach in a context", codeGeneration: "code generation",
};

/// A name of the program in words.
export const word = (name) => words[name] ?? name.replace(/([A-Z])/g, (letter) => " " + letter.toLowerCase());
