/** One post, as the server has it: fetched, kept up to date, and changed one change after another. */

import { page, pause, isPassing, Problem, request, say } from "./api.js";

/** @typedef {Record<string, any>} Photo */

const FACE_BY_FACE = new Set(["who_is_this", "outsiders"]); // not known is said of each face
const SAME_FACE = 0.5; // overlap from which what was said of a place is about the face there: as in policy/candidates.py
const MEANT = 0.25; // of a face: a box drawn over so much of it means this face: as in policy/measures.py
const FIRST_PAUSE = 1_000, LONGEST_PAUSE = 15_000; // milliseconds

/** @type {Map<string, Post>} posts of which something is not at the server yet, or was refused, also where they are no longer looked at */
const unsent = new Map();
const isUnsent = () => [...unsent.values()].some((post) => post.changing);
addEventListener("beforeunload", (event) => isUnsent() && event.preventDefault()); // the browser asks

export class Post extends EventTarget {
  /** @param {string} id */
  constructor(id) {
    super();
    this.id = id;
    this.path = `/v1/posts/${id}`;
    /** @type {Record<string, any> | null} */
    this.document = null;
    /** @type {Map<string, Photo>} */
    this.byId = new Map();
    /** @type {Problem | null} what went wrong last with something that somebody did */
    this.problem = null;
    this.isOffline = false;
    this.changing = 0; // how many changes are under way
    /** @type {Promise<unknown>} */
    this._changes = Promise.resolve();
    /** @type {Promise<void>} */
    this._loaded = Promise.resolve();
    /** @type {Promise<void> | null} a load that has not begun */
    this._next = null;
    /** @type {EventSource | null} */
    this._events = null;
  }

  /**
   * Photos in the order of the post.
   * @returns {Photo[]}
   */
  get photos() {
    return (this.document?.order ?? []).map((/** @type {string} */ id) => this.byId.get(id)).filter(Boolean);
  }

  get isOpen() {
    return this.document?.state === "open";
  }

  async open() {
    await this.load();
    this._listen();
  }

  close() {
    this._events?.close();
    this._events = null;
  }

  /**
   * Fetch what differs from what is here. Whoever asks while that is done waits for once more: what is under way may have
   * been read before what they ask for happened.
   * @returns {Promise<void>}
   */
  load() {
    this._next ??= this._loaded.then(() => {
      this._next = null;
      const loading = this._fetch();
      this._loaded = loading.catch(() => {});
      return loading;
    });
    return this._next;
  }

  async _fetch() {
    for (let wait = FIRST_PAUSE; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      try {
        const since = this.document ? `?since=${encodeURIComponent(this.document.version)}` : "";
        this.take(await request("GET", this.path + since));
        this._setOffline(false);
        return;
      } catch (error) {
        if (!isPassing(error)) throw error;
        this._setOffline(true);
        await pause(wait);
      }
    }
  }

  /**
   * Take in a document of this post: whole, or with the photos that changed.
   * @param {Record<string, any>} document
   */
  take(document) {
    if (this.document && document.revision < this.document.revision) return; // an older answer that came later
    for (const photo of document.photos) this.byId.set(photo.id, photo);
    const gone = [...this.byId.keys()].filter((id) => !document.order.includes(id));
    for (const id of gone) this.byId.delete(id);
    this.document = document;
    this._tell();
  }

  /**
   * Say something of photos.
   * @param {string[]} photos
   * @param {Record<string, unknown>} answers
   */
  answer(photos, answers) {
    return this.change("POST", "/answers", { photos, answers });
  }

  /**
   * Say whose a face of a photo is, or what. Somebody is one face of it: of another one that was said to be the same person, it is not known then who it is.
   * @param {string} photo
   * @param {string} face
   * @param {string | {person: string}} said
   */
  sayOfFace(photo, face, said) {
    return this.change("POST", "/answers", () => {
      const faces = this.byId.get(photo)?.judged?.faces ?? [];
      const isOther = (/** @type {any} */ { id, person }) => typeof said !== "string" && id !== face && person === said.person;
      const others = faces.filter(isOther).map((/** @type {any} */ { id }) => [id, "unknown"]);
      return { photos: [photo], answers: { faces: { ...Object.fromEntries(others), [face]: said } } };
    });
  }

  /**
   * "I do not know": nobody is ruled out, nothing is cleared, and it is not asked again. It is said of all photos before
   * whatever is said next.
   * @param {any} question
   */
  nobodyKnows(question) {
    if (!question.photos.length) return this.answer([], { left_open: [question.id] }); // it is about the text
    const said = question.photos.map((/** @type {string} */ photo) => {
      const faces = (question.faces?.[photo] ?? []).map((/** @type {string} */ face) => [face, "unknown"]);
      if (FACE_BY_FACE.has(question.kind)) return this.answer([photo], { faces: Object.fromEntries(faces) });
      const unsure = question.persons ? { unsure: question.persons } : {};
      return this.answer([photo], { ...unsure, left_open: question.left_open?.[photo] ?? [] });
    });
    return Promise.all(said);
  }

  /**
   * Take back what was said last of a face, or else the last box that was drawn over it, which may be over others too. Its
   * id can have been that of a face elsewhere when something was said: that is about the face at its place now, and about
   * the face of its id only where none is there, or where it is a wish to cover, which holds for both.
   * @param {string} photo
   * @param {{id: string, box: number[]}} face
   */
  takeBack(photo, face) {
    return this.change("DELETE", () => this._lastSaid(photo, face));
  }

  /**
   * Where to take back what was said last of a face, see `takeBack`; nothing: nothing was said.
   * @param {string} photo
   * @param {{id: string, box: number[]}} face
   * @returns {Promise<string | undefined>}
   */
  async _lastSaid(photo, face) {
    const { answers } = await request("GET", `${this.path}/answers`);
    const faces = this.byId.get(photo)?.judged?.faces ?? [];
    const isSaidOf = (/** @type {[string, any]} */ [id, { box, say }]) =>
      overlap(box, face.box) >= SAME_FACE ||
      (id === face.id && (say === "cover" || !faces.some((/** @type {any} */ other) => overlap(box, other.box) >= SAME_FACE)));
    const last = (/** @type {(answers: any) => boolean} */ isAboutIt) =>
      answers.findLast(
        (/** @type {any} */ entry) =>
          entry.kind === "answer" && !entry.retracted && entry.photos.includes(photo) && isAboutIt(entry.answers),
      );
    const said =
      last((/** @type {any} */ { faces }) => Object.entries(faces ?? {}).some(isSaidOf)) ??
      last((/** @type {any} */ { drawn }) => drawn?.some((/** @type {any} */ shape) => isMeant(face.box, shape.box)));
    return said && `/answers/${said.number}`;
  }

  /**
   * A change, after those before it. Where somebody else changed the post meanwhile, it is made once more on what is
   * there now: what is said of a photo holds whatever was said of others. While the line or the server is not there, it
   * waits for them: nothing that was said is lost.
   * @param {string} method
   * @param {string | (() => Promise<string | undefined>)} path one that depends on what was said before is found out once
   *   that was sent; undefined: there is nothing to change
   * @param {unknown} [json] or a function that gives it, once what was said before was sent
   * @returns {Promise<boolean>} whether it was made; `problem` tells why not.
   */
  change(method, path, json) {
    this.changing += 1;
    unsent.set(this.id, this);
    this._tell();
    const made = this._changes.then(() => this._make(method, path, json));
    this._changes = made.catch(() => {}).then(() => {
      this.changing -= 1;
      if (!this.changing && !this.problem) unsent.delete(this.id);
      this._tell();
    });
    return made;
  }

  /**
   * @param {string} method
   * @param {string | (() => Promise<string | undefined>)} path
   * @param {unknown} json
   */
  async _make(method, path, json) {
    let mayBeMade = false; // the line broke before the server told
    let changed = 0; // how often somebody else was first
    if (typeof json === "function") json = json();
    let seen = this.document; // the same where it is tried again: the server then tells whether it was made
    for (let wait = FIRST_PAUSE; ; ) {
      try {
        if (!seen) {
          await this.load();
          if (mayBeMade && path === "/undo") return true; // twice would take back two answers; any other may be made twice
          seen = /** @type {Record<string, any>} */ (this.document);
        }
        const place = typeof path === "string" ? path : await path();
        if (place === undefined) return true;
        path = place; // found out once
        const since = `?since=${encodeURIComponent(seen.version)}`;
        this.take(await request(method, this.path + path + since, { json, revision: seen.revision }));
        this._setOffline(false);
        return true;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.code === "post_changed") {
          seen = null;
          if (changed++) await pause(FIRST_PAUSE);
        } else if (isPassing(error)) {
          mayBeMade ||= error.status !== 429;
          this._setOffline(true);
          await pause(wait);
          wait = Math.min(2 * wait, LONGEST_PAUSE);
        } else if (mayBeMade && (method === "DELETE" ? error.status === 404 : path === "/finish" && error.code === "post_ended")) {
          await this.load().catch(() => {});
          return true; // it was
        } else {
          error.hint += ` ${say("not_kept")}`;
          this.problem = error;
          this._tell();
          await this.load().catch(() => {});
          return false;
        }
      }
    }
  }

  /** What went wrong was read. */
  understood() {
    this.problem = null;
    if (!this.changing) unsent.delete(this.id);
    this._tell();
  }

  _listen() {
    if (!this.isOpen || this._events) return;
    this._events = new EventSource(`${this.path}/events`);
    this._events.addEventListener("changed", (event) => {
      const { revision } = JSON.parse(/** @type {MessageEvent} */ (event).data);
      if (revision > (this.document?.revision ?? 0)) this.load().catch(() => {});
    });
    this._events.addEventListener("error", () => {
      if (this._events?.readyState !== EventSource.CLOSED) return; // it comes back by itself
      this._events = null;
      setTimeout(() => this.load().then(() => this._listen(), () => {}), LONGEST_PAUSE);
    });
  }

  /** @param {boolean} isOffline */
  _setOffline(isOffline) {
    if (this.isOffline === isOffline) return;
    this.isOffline = isOffline;
    this._tell();
  }

  _tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * A post: the one that is still being changed, or else a new one.
 * @param {string} id
 */
export const postOf = (id) => unsent.get(id) ?? new Post(id);

/**
 * How much of two boxes is in both (IoU).
 * @param {number[]} first
 * @param {number[]} second
 */
function overlap(first, second) {
  const both = shared(first, second);
  return both / (first[2] * first[3] + second[2] * second[3] - both);
}

/**
 * The pixels that two boxes share.
 * @param {number[]} first
 * @param {number[]} second
 */
function shared([x, y, w, h], [x2, y2, w2, h2]) {
  const width = Math.max(0, Math.min(x + w, x2 + w2) - Math.max(x, x2));
  return width * Math.max(0, Math.min(y + h, y2 + h2) - Math.max(y, y2));
}

/**
 * Whether a box was drawn over enough of a face to mean it.
 * @param {number[]} face
 * @param {number[]} drawn
 */
function isMeant(face, drawn) {
  return isWithin(middle(face), drawn) || shared(face, drawn) >= MEANT * face[2] * face[3];
}

/** @param {number[]} box */
export const middle = (box) => [box[0] + box[2] / 2, box[1] + box[3] / 2];

/**
 * @param {number[]} point
 * @param {number[]} box
 */
export const isWithin = (point, box) => point[0] >= box[0] && point[0] <= box[0] + box[2] && point[1] >= box[1] && point[1] <= box[1] + box[3];

/**
 * The name of somebody in this post.
 * @param {Post} post
 * @param {string} person
 */
export const nameOf = (post, person) => post.document?.people[person] ?? person;

/**
 * The label of a channel.
 * @param {string} id
 */
export const channelLabel = (id) => page.channels.find((channel) => channel.id === id)?.label ?? id;

/**
 * Who sent the photos of a post that nobody at school began.
 * @param {{name: string, reference: string}} cms
 */
export const sentBy = (cms) => say(cms.reference ? "sent_by_as" : "sent_by", { name: cms.name || say("of_website"), reference: cms.reference });
