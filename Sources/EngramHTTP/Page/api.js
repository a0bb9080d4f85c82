// Asks the server. A token, where one is needed, is kept for this tab alone.

const key = "engram.token";

/// What the server answered that was no success.
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function send(method, path, body, signal) {
  const headers = {};
  const token = sessionStorage.getItem(key);
  if (token) headers.Authorization = "Bearer " + token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method, headers, signal, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, "the server cannot be reached; is engram serve still running?");
  }
  if (response.ok) return response;
  let message = response.statusText;
  try {
    message = (await response.json()).error.message;
  } catch { /* Something before the server answered. */ }
  throw new Refusal(response.status, message);
}

/// Asks for the token until the server takes it.
let asking;
function askForToken(wasRefused) {
  asking ??= new Promise((resolve) => {
    const dialog = document.getElementById("sign-in");
    const form = document.getElementById("sign-in-form");
    const input = document.getElementById("token");
    const problem = document.getElementById("sign-in-problem");
    problem.textContent = wasRefused ? "That is not the token of this server." : "";
    input.setAttribute("aria-invalid", wasRefused ? "true" : "false");
    input.value = "";
    // Without a token there is nothing to go back to.
    dialog.oncancel = (event) => event.preventDefault();
    form.onsubmit = (event) => {
      event.preventDefault();
      const token = input.value.trim();
      if (/[^\x21-\x7e]/.test(token)) {
        problem.textContent = "A token has visible ASCII characters alone.";
        return;
      }
      sessionStorage.setItem(key, token);
      // Nothing that is shown keeps it.
      input.value = "";
      dialog.close();
      asking = undefined;
      resolve();
    };
    dialog.showModal();
    input.focus();
  });
  return asking;
}

async function ask(method, path, body, signal) {
  for (;;) {
    const used = sessionStorage.getItem(key);
    try {
      return await send(method, path, body, signal);
    } catch (error) {
      if (error.status !== 401) throw error;
      // Another question may have got a token meanwhile.
      if (sessionStorage.getItem(key) === used) {
        sessionStorage.removeItem(key);
        await askForToken(used !== null);
      } else if (asking) {
        await asking;
      }
    }
  }
}

function query(path, values = {}) {
  const items = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return items.length ? path + "?" + new URLSearchParams(items) : path;
}

export const get = async (path, values, signal) => (await ask("GET", query(path, values), undefined, signal)).json();
export const post = async (path, body, signal) => (await ask("POST", path, body, signal)).json();
export const text = async (path) => (await ask("GET", path)).text();
export const escaped = encodeURIComponent;
