/** Who is in the photos: the faces that a question is about, enlarged, to tap; and what can be said of one face. */

import { LitElement, html, nothing, repeat } from "./lit.js";
import { page, say } from "./api.js";
import { channelLabel, nameOf } from "./store.js";

const WORDS = new Set(["adult", "other_child"]);
const MANY = 10; // names: as many as are in sight at once

/** @typedef {{photo: Record<string, any>, face: Record<string, any>, number: number}} Shown */

/**
 * A face, cut out of its photo.
 * @param {Record<string, any>} photo
 * @param {number[]} box
 */
export function faceCrop(photo, box) {
  const { width, height } = photo.judged;
  const side = 1.9 * Math.max(box[2], box[3]);
  const left = box[0] + box[2] / 2 - side / 2;
  const top = box[1] + box[3] / 2 - side / 2;
  return html`<svg class="crop" viewBox="${left} ${top} ${side} ${side}" aria-hidden="true" focusable="false">
    <image href=${photo.view} width=${width} height=${height}></image>
  </svg>`;
}

/**
 * What was said of a face, in a word; nothing: nothing was.
 * @param {import("./store.js").Post} post
 * @param {Record<string, any>} photo
 * @param {Record<string, any>} face
 */
export function saidOf(post, photo, face) {
  if (face.person) return nameOf(post, face.person);
  const verdicts = Object.values(photo.judged.verdicts);
  const bases = verdicts.map((verdict) => verdict.faces[face.id]?.basis);
  // A wish to cover has the same basis as an adult who agrees; only the adult is kept, or left out with a part.
  const isKept = (/** @type {any} */ { faces, crop }) => faces[face.id]?.action === "keep" || crop?.applied;
  if (bases.includes("vouched")) return say(verdicts.some(isKept) ? "adult" : "cover");
  if (bases.includes("other_child")) return say("other_child");
  if (bases.includes("not_a_person")) return say("no_person");
  return "";
}

/**
 * Whether a name has this in it.
 * @param {string} name
 * @param {string} part
 */
const matches = (name, part) => fold(name).includes(fold(part.trim()));

/** @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase(page.language); // "zoe" finds Zoë

/** Choose a name or a word, tap the faces that it is true of, and say when there is nobody else. */
class Faces extends LitElement {
  static properties = { post: { attribute: false }, question: { attribute: false }, chosen: { state: true }, busy: { state: true }, search: { state: true } };

  constructor() {
    super();
    /** the names that are shown, where there are many: those with this in them */
    this.search = "";
    /** @type {any} */
    this.post = null;
    /** @type {any} */
    this.question = null;
    /** @type {Map<string, Shown>} the faces that are shown: nothing moves under a finger, whatever is asked meanwhile */
    this._shown = new Map();
    /** @type {string[]} and the names, for the same reason */
    this._persons = [];
    /** what the faces that are tapped now are: somebody's id, or a word for whoever is not on the list */
    this.chosen = "";
    this.busy = new Set();
  }

  createRenderRoot() {
    return this;
  }

  /**
   * What can be chosen before faces are tapped: people, or words for whoever is not on the list.
   * @returns {string[]}
   */
  get choices() {
    const { document } = this.post;
    if (this.question.persons) return (this._persons = [...new Set([...this._persons, ...this.question.persons])]);
    const people = this.question.kind === "outsiders" ? document.staff : Object.keys(document.people);
    const byName = (/** @type {string} */ one, /** @type {string} */ other) => nameOf(this.post, one).localeCompare(nameOf(this.post, other));
    return ["adult", "other_child", ...[...people].sort(byName)];
  }

  /** @param {string} choice */
  _label(choice) {
    return WORDS.has(choice) ? say(choice) : nameOf(this.post, choice);
  }

  /**
   * The faces that the question is about; where it names none, all of its photos. Each stays where it was, also where
   * nothing is asked about it any more: it can be tapped back. What comes later comes behind the others.
   * @returns {Shown[]}
   */
  get faces() {
    const before = this._shown;
    /** @type {Map<string, Shown>} */
    const now = new Map();
    for (const photo of this.post.photos) {
      if (!photo.judged) continue;
      const asked = this.question.photos.includes(photo.id) ? this.question.faces?.[photo.id] : [];
      photo.judged.faces.forEach((/** @type {any} */ face, /** @type {number} */ index) => {
        const key = `${photo.id} ${face.id}`;
        const isAsked = !asked || asked.includes(face.id) || this.choices.includes(face.person);
        if (isAsked || before.has(key)) now.set(key, { photo, face, number: index + 1 });
      });
    }
    const stayed = [...before.keys()].filter((key) => now.has(key));
    const keys = new Set([...stayed, ...now.keys()]);
    this._shown = new Map([...keys].map((key) => [key, /** @type {Shown} */ (now.get(key))]));
    return [...this._shown.values()];
  }

  render() {
    const { choices } = this;
    const chosen = choices.includes(this.chosen) ? this.chosen : choices[0];
    const isMany = choices.length > MANY;
    const shown = isMany ? choices.filter((choice) => WORDS.has(choice) || matches(this._label(choice), this.search)) : choices;
    return html`
      ${choices.length > 1 || this.question.kind === "any_of_these"
        ? html`<div class="names ${isMany ? "many" : ""}" role="group" aria-label=${say("whose_faces")}>
            ${isMany
              ? html`<input type="search" autocomplete="off" aria-label=${say("search_name")} placeholder=${say("search_name")} .value=${this.search}
                  @focus=${(/** @type {any} */ event) => event.target.select()} @input=${(/** @type {any} */ event) => (this.search = event.target.value)}>` : nothing}
            ${shown.map(
              (choice) => html`<button
                class="chip" type="button" aria-pressed=${choice === chosen} @click=${(/** @type {any} */ event) => this._choose(choice, event.currentTarget)}
              >${this._label(choice)}${this._channels(choice)}</button>`,
            )}
          </div>`
        : nothing}
      <p class="hint" aria-live="polite">${say("tap_faces_of", { name: this._label(chosen) })}</p>
      <ul class="strip">
        ${repeat(this.faces, ({ photo, face }) => `${photo.id} ${face.id}`, (shown) => this._face(shown, chosen))}
      </ul>
      <div class="row">
        ${this.question.answer
          ? html`<button type="button" @click=${this._nobodyElse}>${say("nobody_else")}</button>`
          : nothing}
        <button type="button" class="second" @click=${this._nobodyKnows}>${say("dont_know")}</button>
      </div>
    `;
  }

  /**
   * Where somebody may not be shown, if that is not everywhere.
   * @param {string} person
   */
  _channels(person) {
    const known = this.post.document.not_shown.find((/** @type {any} */ entry) => entry.id === person);
    if (!known || known.channels.length === this.post.document.channels.length) return nothing;
    return html` <small>${say("not_on", { channels: known.channels.map(channelLabel).join(", ") })}</small>`;
  }

  /**
   * @param {string} choice
   * @param {HTMLElement} chip
   */
  _choose(choice, chip) {
    this.chosen = choice;
    chip.scrollIntoView({ block: "nearest", inline: "center" }); // so that the next is in sight too
  }

  /**
   * @param {Shown} shown
   * @param {string} chosen
   */
  _face({ photo, face, number }, chosen) {
    const key = `${photo.id} ${face.id}`;
    const said = saidOf(this.post, photo, face);
    const place = this.post.document.order.indexOf(photo.id) + 1;
    const label = say("face_in_photo", { face: number, photo: place }) + (said ? `: ${said}` : "");
    return html`<li>
      <button
        type="button" class="face" aria-pressed=${Boolean(said)} aria-label=${label} ?data-busy=${this.busy.has(key)}
        @click=${() => this._tap(photo, face, chosen, key)}
      >${faceCrop(photo, face.box)}${said ? html`<span class="said">${said}</span>` : nothing}</button>
    </li>`;
  }

  /**
   * @param {any} photo
   * @param {any} face
   * @param {string} chosen
   * @param {string} key
   */
  async _tap(photo, face, chosen, key) {
    if (this.busy.has(key)) return;
    this.busy = new Set([...this.busy, key]);
    try {
      const isWord = WORDS.has(chosen);
      const isSaid = isWord ? saidOf(this.post, photo, face) === this._label(chosen) : face.person === chosen; // names can be alike
      if (isSaid) await this.post.takeBack(photo.id, face);
      else await this.post.sayOfFace(photo.id, face.id, isWord ? chosen : { person: chosen });
    } finally {
      this.busy = new Set([...this.busy].filter((other) => other !== key));
    }
  }

  _forget() {
    this._shown = new Map();
    this._persons = [];
  }

  async _nobodyElse() {
    this._forget();
    await this.post.answer(this.question.photos, this.question.answer);
  }

  async _nobodyKnows() {
    this._forget();
    await this.post.nobodyKnows(this.question);
  }
}
customElements.define("fp-faces", Faces);

/** What can be said of one face: whose it is, or what else. */
class FaceMenu extends LitElement {
  static properties = { post: { attribute: false }, photo: { attribute: false }, face: { attribute: false }, search: { state: true } };

  constructor() {
    super();
    /** @type {any} */
    this.post = null;
    /** @type {any} */
    this.photo = null;
    /** @type {any} */
    this.face = null;
    this.search = "";
  }

  createRenderRoot() {
    return this;
  }

  /** It opens below what was tapped: it comes into sight, and whoever uses the keyboard is in it. */
  updated(/** @type {Map<string, unknown>} */ changed) {
    if (!changed.has("face")) return;
    const menu = /** @type {HTMLElement} */ (this.querySelector(".menu"));
    menu.focus({ preventScroll: true });
    menu.scrollIntoView({ block: "nearest" });
  }

  render() {
    const hidden = this.post.document.not_shown.map((/** @type {any} */ entry) => entry.id);
    const people = Object.entries(this.post.document.people)
      .filter(([, name]) => matches(String(name), this.search))
      .sort(([a, nameA], [b, nameB]) => Number(hidden.includes(b)) - Number(hidden.includes(a)) || nameA.localeCompare(nameB));
    const said = saidOf(this.post, this.photo, this.face);
    return html`<section class="menu" tabindex="-1" aria-label=${say("who_is_this")}>
      <div class="row">${faceCrop(this.photo, this.face.box)}<h3>${say("who_is_this")}</h3></div>
      <div class="row">
        ${this._say("adult", "adult")} ${this._say("other_child", "other_child")} ${this._say("cover", "cover")}
        ${this._say("no_person", "not_a_person")}
        ${said ? html`<button type="button" class="second" @click=${() => this._done(this.post.takeBack(this.photo.id, this.face))}>${say("take_back")}</button>` : nothing}
      </div>
      <p class="hint">${say("cover_about")}</p>
      <label>${say("search_name")}<input type="search" autocomplete="off" .value=${this.search} @input=${(/** @type {any} */ event) => (this.search = event.target.value)}></label>
      <ul class="people">
        ${people.map(
          ([id, name]) => html`<li><button type="button" class="chip" aria-pressed=${this.face.person === id}
            @click=${() => this._done(this.post.sayOfFace(this.photo.id, this.face.id, { person: id }))}
          >${name}${hidden.includes(id) ? html` <small>${say("not_everywhere")}</small>` : nothing}</button></li>`,
        )}
      </ul>
    </section>`;
  }

  /**
   * @param {string} text
   * @param {string} label
   */
  _say(text, label) {
    return html`<button type="button" class="second" @click=${() => this._done(this.post.sayOfFace(this.photo.id, this.face.id, label))}>${say(text)}</button>`;
  }

  /** @param {Promise<unknown>} made */
  async _done(made) {
    await made;
    this.dispatchEvent(new Event("done", { bubbles: true }));
  }
}
customElements.define("fp-face-menu", FaceMenu);
