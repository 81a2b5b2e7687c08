/** What the server told with the page, and requests to it. Every answer is JSON; every error has a code and two sentences. */

/**
 * @typedef {{id: string, label: string}} Channel
 * @typedef {{csrf: string, language: "nl" | "en", groups: string[], channels: Channel[], needs_group: boolean,
 *   max_bytes: number, say: Record<string, string>}} PageData
 */

/** @type {PageData} */
export const page = JSON.parse(document.getElementById("data")?.textContent ?? "{}");

/**
 * A text of the catalogue; `{name}` in it is replaced.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function say(key, values = {}) {
  return page.say[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * One of two texts, for one or for several.
 * @param {string} key
 * @param {number} count
 * @param {Record<string, string | number>} [values]
 */
export function sayCount(key, count, values = {}) {
  return say(count === 1 ? `${key}_one` : key, { count, ...values });
}

const AFTER_LOGIN = "fotopoort.place";
const LONGEST_REQUEST = 90_000; // milliseconds
const STAYS = 5_000; // milliseconds after which a page that should be left is still there

export class Problem extends Error {
  /**
   * @param {number} status 0: the server was not reached.
   * @param {string} code
   * @param {string} message
   * @param {string} hint
   * @param {Headers} [headers]
   */
  constructor(status, code, message, hint, headers) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.headers = headers;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{json?: unknown, body?: BodyInit, headers?: Record<string, string>, revision?: number, signal?: AbortSignal}}
 *   [given]
 * @returns {Promise<any>}
 */
export async function request(method, path, given = {}) {
  /** @type {Record<string, string>} */
  const headers = { "X-CSRF-Token": page.csrf, "Accept-Language": page.language, ...given.headers };
  if (given.revision !== undefined) headers["If-Match"] = `"${given.revision}"`;
  if (given.json !== undefined) headers["Content-Type"] = "application/json";
  const body = given.json === undefined ? given.body : JSON.stringify(given.json);
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, LONGEST_REQUEST); // a line that is gone says nothing
  given.signal?.addEventListener("abort", stop);
  /** @type {Response} */
  let response;
  let answer;
  try {
    response = await fetch(path, { method, headers, body, signal: limit.signal, cache: "no-store" });
    answer = await response.json().catch((/** @type {unknown} */ error) => {
      if (response.ok) throw error; // it broke off
      return {};
    });
  } catch (error) {
    if (given.signal?.aborted) throw error;
    throw new Problem(0, "offline", say("offline"), say("offline_hint"));
  } finally {
    clearTimeout(timer);
    given.signal?.removeEventListener("abort", stop);
  }
  if (response.ok) return answer;
  if (response.status === 401) {
    keep(AFTER_LOGIN, location.hash);
    location.assign("/login");
    await pause(STAYS); // the page is left, unless somebody chose to stay
  }
  if (answer.error?.code === "cross_site") // the token is that of an earlier session
    throw new Problem(response.status, "cross_site", say("other_login"), say("other_login_hint"));
  const told = answer.error ?? { code: "unknown", message: say("failed"), hint: say("failed_hint") };
  throw new Problem(response.status, told.code, told.message, told.hint, response.headers);
}

/**
 * Keep something as long as this tab is there.
 * @param {string} key
 * @param {string} value "": nothing any more
 */
export function keep(key, value) {
  try {
    if (value) sessionStorage.setItem(key, value);
    else sessionStorage.removeItem(key);
  } catch {
    // The browser keeps nothing: the page begins at its beginning.
  }
}

/**
 * What was kept; "": nothing.
 * @param {string} key
 */
export function kept(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** Where the page was when somebody had to log in again; told once. */
export function placeBefore() {
  const place = kept(AFTER_LOGIN);
  keep(AFTER_LOGIN, "");
  return place;
}

/**
 * Whether it may well work if it is tried again: the line or the server is not there, or busy.
 * @param {unknown} error
 */
export const isPassing = (error) => error instanceof Problem && (error.status === 0 || [429, 502, 503, 504].includes(error.status));

/** @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
