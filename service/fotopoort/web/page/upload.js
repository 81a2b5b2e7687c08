/** Photos on their way to the server: in parts, going on after whatever stopped them, kept in the browser until they are
 * there. A photo's id is made of what its file is, so that the same file chosen again is the same photo; once that was
 * taken out of the post, it is a new one. */

import { isPassing, page, pause, Problem, request, say } from "./api.js";

const PART = 256 * 1024; // bytes; on a slow line at most so much is sent again after a cut
const LARGEST = 8 * PART; // on a quick one, where each part costs the server as much whatever its size
const QUICK = 500; // milliseconds for a part
const AT_ONCE = 2; // photos; a phone's line is shared by them
const LONGEST_PAUSE = 15_000; // milliseconds
const STORE = "photos";

/**
 * `again`: how often it was taken out of the post and chosen once more; undefined: nobody chose it now, it goes on.
 * @typedef {{id: string, file: File, sent: number, state: "waits" | "sends" | "there" | "failed", problem?: Problem, again?: number}} Upload
 */

export class Uploads extends EventTarget {
  /** @param {import("./store.js").Post} post */
  constructor(post) {
    super();
    this.post = post;
    /** @type {Map<string, Upload>} */
    this.uploads = new Map();
    this._working = 0;
    this._part = PART;
    this._closed = new AbortController();
    /** @type {Promise<IDBDatabase | null>} */
    this._kept = openDatabase();
  }

  close() {
    this._closed.abort();
  }

  /** How many are there, of how many; and bytes of bytes. */
  get progress() {
    const all = [...this.uploads.values()].filter((upload) => upload.state !== "failed");
    return {
      count: all.length,
      there: all.filter((upload) => upload.state === "there").length,
      sent: all.reduce((sum, upload) => sum + upload.sent, 0),
      bytes: all.reduce((sum, upload) => sum + upload.file.size, 0),
    };
  }

  /** Files that were refused, each with why. */
  get failed() {
    return [...this.uploads.values()].filter((upload) => upload.state === "failed");
  }

  /** Photos of the post that are not whole and of which no file is here: they have to be chosen again. */
  get lost() {
    return this.post.photos.filter((photo) => photo.state === "uploading" && !this.uploads.has(photo.client_id));
  }

  /** Go on with what the browser kept of this post. */
  async resume() {
    const kept = await read(await this._kept, this.post.id);
    for (const { id, file } of kept) this._enqueue(id, file);
    this._work();
  }

  /** @param {Iterable<File>} files */
  async add(files) {
    for (const file of files) {
      const id = await idOf(this.post.id, file);
      const before = this.uploads.get(id);
      const isOut = before?.state === "there" && !this.post.photos.some((photo) => photo.client_id === id);
      if (before && before.state !== "failed" && !isOut) continue;
      const refusal = refused(file);
      if (refusal) {
        this.uploads.set(id, { id, file, sent: 0, state: "failed", problem: refusal });
        continue;
      }
      this._enqueue(id, file, 0);
      write(await this._kept, { id, post: this.post.id, file });
    }
    this._tell();
    this._work();
  }

  /** @param {string} id */
  forget(id) {
    this.uploads.delete(id);
    this._tell();
  }

  /**
   * @param {string} id
   * @param {File} file
   * @param {number} [again]
   */
  _enqueue(id, file, again) {
    this.uploads.set(id, { id, file, sent: 0, state: "waits", again });
  }

  _work() {
    while (this._working < AT_ONCE) {
      const next = [...this.uploads.values()].find((upload) => upload.state === "waits");
      if (!next || this._closed.signal.aborted) return;
      next.state = "sends";
      this._working += 1;
      this._send(next)
        .catch((error) => {
          next.state = "failed";
          next.problem = error instanceof Problem ? error : new Problem(0, "unreadable", say("unreadable"), say("unreadable_hint"));
        })
        .finally(async () => {
          this._working -= 1;
          if (this._closed.signal.aborted) return;
          forget(await this._kept, next.id);
          this._tell();
          this._work();
        });
    }
  }

  /** @param {Upload} upload */
  async _send(upload) {
    const { file } = upload;
    const headers = {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      "Upload-Length": String(file.size),
    };
    // Of one that this browser sent before, so much is there.
    const before = this.post.photos.find((photo) => photo.client_id === upload.id && photo.state === "uploading");
    for (let offset = before?.received ?? 0, wait = 1_000; ; ) {
      try {
        const body = await file.slice(offset, offset + this._part).arrayBuffer();
        const signal = this._closed.signal;
        const began = performance.now();
        const told = await request("PUT", `${this.post.path}/photos/${upload.id}`, { body, headers: { ...headers, "Upload-Offset": String(offset) }, signal });
        offset = told.received;
        upload.again = undefined; // taken out from now on, it stays out
        wait = 1_000;
        const isQuick = performance.now() - began < QUICK;
        this._part = isQuick ? Math.min(2 * this._part, LARGEST) : Math.max(this._part / 2, PART);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        this._part = PART;
        if (error.code === "wrong_offset") {
          offset = Number(error.headers?.get("Upload-Offset") ?? 0);
        } else if (isPassing(error)) {
          await pause(wait);
          wait = Math.min(2 * wait, LONGEST_PAUSE);
        } else if (error.status === 404 && upload.again !== undefined) {
          await this.post.load(); // where the post is not there either, it ends here
          await this._rename(upload, upload.again + 1);
        } else {
          throw error;
        }
      }
      upload.sent = offset;
      this._tell();
      if (offset >= file.size) break;
    }
    upload.state = "there";
  }

  /**
   * Send a photo as a new one: the one of its id was taken out.
   * @param {Upload} upload
   * @param {number} again
   */
  async _rename(upload, again) {
    const { id, file } = upload;
    this.uploads.delete(id);
    Object.assign(upload, { id: await idOf(this.post.id, file, again), again });
    this.uploads.set(upload.id, upload);
    const database = await this._kept;
    forget(database, id);
    write(database, { id: upload.id, post: this.post.id, file });
  }

  _tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * Why a file is not sent at all.
 * @param {File} file
 */
function refused(file) {
  if (file.type.startsWith("video/")) return new Problem(0, "video", say("video"), say("video_hint"));
  if (file.size === 0) return new Problem(0, "empty", say("empty"), say("empty_hint"));
  if (file.size > page.max_bytes)
    return new Problem(0, "too_large", say("too_large"), say("too_large_hint", { megabytes: Math.floor(page.max_bytes / 1e6) }));
  return undefined;
}

/**
 * 32 hexadecimal digits.
 * @param {string} post
 * @param {File} file
 * @param {number} [again] as of an upload
 */
async function idOf(post, file, again) {
  const told = new TextEncoder().encode([post, file.name, file.size, file.lastModified, ...(again ? [again] : [])].join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", told));
  return [...digest.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- what the browser keeps; where it keeps nothing, photos that were not whole have to be chosen again -------------

/** @returns {Promise<IDBDatabase | null>} */
function openDatabase() {
  return new Promise((resolve) => {
    try {
      const opening = indexedDB.open("fotopoort", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("post", "post");
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = opening.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

/**
 * @param {IDBDatabase | null} database
 * @param {string} post
 * @returns {Promise<{id: string, file: File}[]>}
 */
function read(database, post) {
  return new Promise((resolve) => {
    if (!database) return resolve([]);
    const asked = database.transaction(STORE).objectStore(STORE).index("post").getAll(post);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve([]);
  });
}

/**
 * @param {IDBDatabase | null} database
 * @param {{id: string, post: string, file: File}} photo
 */
function write(database, photo) {
  try {
    database?.transaction(STORE, "readwrite").objectStore(STORE).put(photo);
  } catch {
    // There is no room: it is sent all the same.
  }
}

/**
 * @param {IDBDatabase | null} database
 * @param {string} id
 */
function forget(database, id) {
  database?.transaction(STORE, "readwrite").objectStore(STORE).delete(id);
}

/**
 * Forget all photos that are kept of posts but these: nothing stays in a browser longer than it has to.
 * @param {string[]} posts
 */
export async function forgetOthers(posts) {
  const database = await openDatabase();
  if (!database) return;
  const cursor = database.transaction(STORE, "readwrite").objectStore(STORE).openCursor();
  cursor.onsuccess = () => {
    if (!cursor.result) return database.close();
    if (!posts.includes(cursor.result.value.post)) cursor.result.delete();
    cursor.result.continue();
  };
}
