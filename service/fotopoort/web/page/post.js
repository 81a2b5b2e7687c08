/** A post: photos in, what needs somebody, all photos, the text, and what can be taken away. */

import { LitElement, html, nothing, repeat } from "./lit.js";
import { keep, kept, page, request, say, sayCount } from "./api.js";
import "./faces.js";
import { downloadOf, outcomeOf, problemOf, savingOf } from "./photo.js";
import { channelLabel, postOf, sentBy } from "./store.js";
import { Uploads } from "./upload.js";

const OF_FACES = new Set(["any_of_these", "point_out", "who_is_this", "outsiders", "is_pupil"]);
const FACE_ID = / \((?:gezicht|face) f\d+\)/; // it is shown
const TYPED = 2_000; // milliseconds in which nothing is typed, after which what was typed is saved
const UNSEEN = new Set(["unseen_people", "unseen_person"]); // answered by drawing

class PostView extends LitElement {
  static properties = { postId: { attribute: false }, near: { state: true }, draft: { state: true }, copied: { state: true }, saved: { state: true }, places: { state: true }, ending: { state: true } };

  constructor() {
    super();
    this.postId = "";
    /** @type {{photo: string, among: string[], draws: boolean} | null} the photo that is looked at from near by */
    this.near = null;
    /** @type {string | null} the text as it is typed, until the post has it */
    this.draft = null;
    /** @type {string | null} such a text on its way */
    this._sent = null;
    this._writing = Promise.resolve(true);
    this._typing = 0;
    /** @type {string | null} the text that was copied last */
    this.copied = null;
    this.saved = false;
    /** @type {Record<string, string> | null} where the photos were published, per channel */
    this.places = null;
    this.ending = false;
    /** @type {any} */
    this.post = null;
    /** @type {any} */
    this.uploads = null;
    this._greeted = false;
    /** @type {Element | null} a link to something to download, once that may be */
    this._mayDownload = null;
    /** @type {Element[]} what has the focus, and all that it is in */
    this._focused = [];
    this._update = () => this.requestUpdate();
    this._leave = (/** @type {Event} */ event) => this.draft !== null && this.post.isOpen && event.preventDefault(); // the browser asks
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.post = postOf(this.postId);
    this.uploads = new Uploads(this.post);
    this.addEventListener("click", this._download);
    this.draft = kept(this._draftKey) || null; // somebody had to log in again
    addEventListener("beforeunload", this._leave);
    this.post.addEventListener("change", this._update);
    this.uploads.addEventListener("change", this._update);
    this.post
      .open()
      .then(() => this.uploads.resume())
      .then(() => this._written())
      .catch((/** @type {any} */ error) => {
        this.post.problem = error;
        this.requestUpdate();
      });
  }

  /** @param {Map<string, unknown>} _ */
  willUpdate(_) {
    if (this.near && !(this.post.isOpen && this.post.byId.has(this.near.photo))) this.near = null; // it is shown no more
    this._focused = [];
    for (let at = document.activeElement; at && this.contains(at) && at !== this; at = at.parentElement) this._focused.push(at);
  }

  /**
   * Whoever hears the page is told that another one came; and the focus stays near where it was when that is gone.
   * @param {Map<string, unknown>} _
   */
  updated(_) {
    if (this.post.document && !this.post.isOpen && !this.places) this._fetchPlaces();
    if (this.post.document && !this._greeted) {
      this._greeted = true;
      this._focus("h1");
    } else if (this._focused.length && !this._focused[0].isConnected) {
      const left = this._focused.find((element) => element.isConnected);
      const heading = left?.querySelector("h2, h3");
      if (heading) focus(heading);
      else this._focus("#needs-you", "#wall", ".done", "h1");
    }
  }

  /**
   * The first of these that is there.
   * @param {string[]} places
   */
  _focus(...places) {
    const found = places.map((place) => this.querySelector(place)).find(Boolean);
    if (found) focus(found);
  }

  /** The photo from near by is closed: the browser gives the focus back to what opened it, if that is still there. */
  async _closed() {
    const photo = this.near?.photo;
    this.near = null;
    await this.updateComplete;
    if (document.activeElement === document.body) this._focus(`[data-photo="${photo}"]`, "#wall", "h1");
  }

  /**
   * @param {string} photo
   * @param {string[]} [among]
   * @param {boolean} [draws]
   */
  _open(photo, among = this.post.document.order, draws = false) {
    this.near = { photo, among, draws };
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("beforeunload", this._leave);
    this._written();
    this.post.removeEventListener("change", this._update);
    this.post.close();
    this.uploads.close();
  }

  render() {
    const { post } = this;
    const document = post.document;
    if (!document) return html`<p role="status">${post.problem ? problemOf(post) : say("loading")}</p>`;
    const channels = document.channels.map(channelLabel).join(", ");
    const { near } = this;
    return html`
      <p><a href="#">${say("all_posts")}</a></p>
      <h1>${document.groups.join(", ") || say("whole_school")} <small>${channels} · ${dayOf(document.day)}${document.cms ? ` · ${sentBy(document.cms)}` : ""}</small></h1>
      ${post.isOffline ? html`<p class="note" role="status">${say("offline")} ${say("goes_on")}</p>` : nothing}
      ${post.isOpen ? nothing : problemOf(post)}
      ${post.isOpen ? this._whole() : this._ended()}
      ${near
        ? html`<fp-photo .post=${post} .photo=${post.byId.get(near.photo)} .among=${near.among} .draws=${near.draws} @closed=${this._closed}
            @other=${(/** @type {CustomEvent} */ event) => this._open(event.detail, near.among, near.draws)}></fp-photo>` : nothing}
    `;
  }

  _whole() {
    return html`${this._adding()} ${this._questions()} ${this._wall()} ${this._text()} ${this._taking()} ${this._bar()}`;
  }

  /** Always in sight: what is left to do, what is ready, and the way back. */
  _bar() {
    const { post } = this;
    const asked = post.document.post.questions.length;
    const ready = this._ready().reduce((/** @type {number} */ most, /** @type {any} */ row) => Math.max(most, row.ready), 0);
    return html`<div class="bar">
      ${problemOf(post)}
      ${asked ? html`<button type="button" class="second" @click=${() => this._focus("#needs-you")}>${sayCount("needs_you", asked)}</button>` : nothing}
      ${ready ? html`<button type="button" class="second" @click=${() => this._focus("#out")}>${say("now_ready", { count: ready })}</button>` : nothing}
      ${post.document.undo ? html`<button type="button" class="second undo" @click=${() => post.change("POST", "/undo")}>${say("undo")}</button>` : nothing}
      ${savingOf(post)}
    </div>`;
  }

  _ended() {
    const { document } = this.post;
    const { places } = this;
    return html`<p class="done" role="status">${say(document.state === "finished" ? "is_finished" : "is_expired")}</p>
      <section aria-labelledby="places">
        <h2 id="places">${say("places")}</h2>
        <p class="hint">${say("places_about")}</p>
        ${document.channels.map((/** @type {string} */ channel) => html`<label class="field">${channelLabel(channel)}
          <input maxlength="500" autocomplete="off" .value=${places?.[channel] ?? ""} @change=${(/** @type {any} */ event) => this._placed(channel, event.target.value)}></label>`)}
        <p role="status">${this.saved ? say("saved") : ""}</p>
      </section>`;
  }

  async _fetchPlaces() {
    this.places = {}; // once
    try {
      this.places = await request("GET", `${this.post.path}/places`);
    } catch {
      // They can be filled in all the same.
    }
  }

  /**
   * @param {string} channel
   * @param {string} place
   */
  async _placed(channel, place) {
    this.saved = false;
    try {
      this.places = await request("PUT", `${this.post.path}/places`, { json: { [channel]: place } });
      this.saved = true;
    } catch (error) {
      this.post.problem = error;
      this.requestUpdate();
    }
  }

  // --- photos in ---------------------------------------------------------------------------------------------------

  _adding() {
    const { progress, failed, lost } = this.uploads;
    const { photos } = this.post;
    const looked = photos.filter((/** @type {any} */ photo) => photo.judged || photo.state === "failed").length;
    const share = progress.bytes ? progress.sent / progress.bytes : 1;
    const isBusy = progress.there < progress.count || looked < photos.length;
    return html`<section class="adding" aria-label=${say("add_photos")} @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()} @drop=${this._dropped}>
      <div class="row">
        <label class="button">${say("choose_photos")}<input class="hidden" type="file" multiple accept="image/*,.heic,.heif,.avif" @change=${this._chosen}></label>
        <label class="button second camera">${say("take_photo")}<input class="hidden" type="file" accept="image/*" capture="environment" @change=${this._chosen}></label>
        <span class="hint drop">${say("or_drop")}</span>
      </div>
      ${isBusy
        ? html`<div class="progress">
            <progress max="1" value=${photos.length ? (share + looked / Math.max(photos.length, progress.count)) / 2 : share} aria-label=${say("progress")}></progress>
            <p role="status">${progress.count ? say("sent", { there: progress.there, count: progress.count }) : ""} ${say("looked", { looked, count: photos.length })}</p>
          </div>` : nothing}
      ${lost.length ? html`<p class="note">${say("choose_again", { lost: lost.length, there: photos.length - lost.length, count: photos.length })}</p>` : nothing}
      ${failed.length
        ? html`<ul class="refused">${failed.map(
            (/** @type {any} */ upload) => html`<li class="problem"><strong>${upload.file.name}</strong>: ${upload.problem.message} ${upload.problem.hint}
              <button type="button" class="link" @click=${() => this.uploads.forget(upload.id)}>${say("understood")}</button></li>`,
          )}</ul>` : nothing}
    </section>`;
  }

  /** @param {Event} event */
  _chosen(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    this.uploads.add([...(input.files ?? [])]);
    input.value = "";
  }

  /** @param {DragEvent} event */
  _dropped(event) {
    event.preventDefault();
    this.uploads.add([...(event.dataTransfer?.files ?? [])]);
  }

  // --- what needs somebody -----------------------------------------------------------------------------------------

  _questions() {
    const { questions } = this.post.document.post;
    if (!questions.length) return nothing;
    return html`<section aria-labelledby="needs-you">
      <h2 id="needs-you">${sayCount("needs_you", questions.length)}</h2>
      ${repeat(questions, keyOf, (/** @type {any} */ question) => this._question(question))}
    </section>`;
  }

  /** @param {any} question */
  _question(question) {
    const { post } = this;
    const [asks, more] = firstSentence(question.kind === "any_of_these" ? say("any_of_these") : question[page.language].replace(FACE_ID, ""));
    return html`<article class="card question">
      <h3>${asks}</h3>${more ? html`<p>${more}</p>` : nothing}
      ${OF_FACES.has(question.kind)
        ? html`<fp-faces .post=${post} .question=${question}></fp-faces>`
        : html`${this._photosOf(question)}
            <div class="row">${this._buttons(question)}</div>`}
    </article>`;
  }

  /** @param {any} question */
  _buttons(question) {
    const { post } = this;
    const draws = UNSEEN.has(question.kind);
    const openFirst = () => this._open(question.photos[0], question.photos, draws);
    return html`
      ${question.answer
        ? html`<button type="button" @click=${() => post.answer(question.photos, question.answer)}>
            ${say(`settles_${question.kind}`)}</button>` : nothing}
      ${question.kind === "is_harmful"
        ? question.photos.length === 1
          ? html`<button type="button" class="second" @click=${() => post.answer(question.photos, { harmful: true })}>${say("harmful")}</button>` : nothing
        : question.photos.length
          ? html`<button type="button" class="second" @click=${openFirst}>${say(draws ? "there_is" : "look_at_photos")}</button>` : nothing}
      ${question.kind === "is_harmful" ? nothing : html`<button type="button" class="second" @click=${() => post.nobodyKnows(question)}>${say("dont_know")}</button>`}
    `;
  }

  /** @param {any} question */
  _photosOf(question) {
    return html`<ul class="thumbs">${question.photos.map((/** @type {string} */ id) => {
      const number = this.post.document.order.indexOf(id) + 1;
      const photo = this.post.byId.get(id);
      return photo?.view
        ? html`<li><button type="button" class="thumb" aria-label=${say("open_photo", { number })} @click=${() => this._open(id, question.photos, UNSEEN.has(question.kind))}><img src=${photo.view} alt="" loading="lazy"></button>
            ${question.kind === "is_harmful" && question.photos.length > 1
              ? html`<button type="button" class="link" @click=${() => this.post.answer([id], { harmful: true })}>${say("harmful")}</button>` : nothing}</li>` : nothing;
    })}</ul>`;
  }

  // --- all photos --------------------------------------------------------------------------------------------------

  _wall() {
    const { photos } = this.post;
    if (!photos.length) return nothing;
    const sorted = [...photos].sort((a, b) => Number(Boolean(b.error)) - Number(Boolean(a.error))); // else nothing moves
    return html`<section aria-labelledby="wall">
      <h2 id="wall">${sayCount("photos", photos.length)}</h2>
      <ul class="wall">${repeat(sorted, (photo) => photo.id, (photo) => this._tile(photo))}</ul>
    </section>`;
  }

  /** @param {any} photo */
  _tile(photo) {
    const { document } = this.post;
    const number = document.order.indexOf(photo.id) + 1;
    const outcomes = photo.judged
      ? document.channels.map((/** @type {string} */ channel) => ({ channel, ...outcomeOf(photo.judged.verdicts[channel]) })) : [];
    const isSame = new Set(outcomes.map((/** @type {any} */ of) => of.label)).size <= 1;
    const better = document.post.instead?.[photo.id];
    const state = photo.error ? photo.error.message : photo.judged ? "" : say(photo.state === "uploading" ? "being_sent" : "being_looked_at");
    const label = [say("open_photo", { number }), ...outcomes.map((/** @type {any} */ of) => `${channelLabel(of.channel)}: ${of.label}`), state].filter(Boolean).join(". ");
    return html`<li class="tile ${photo.error ? "failed" : ""}">
      <button type="button" class="thumb" data-photo=${photo.id} aria-label=${label} @click=${() => this._open(photo.id)}>
        <span class="number" aria-hidden="true">${number}</span>
        ${photo.view ? html`<img src=${photo.view} alt="" loading="lazy">` : html`<span class="empty" aria-hidden="true">${photo.error ? "!" : "…"}</span>`}
      </button>
      ${state ? html`<p class="state">${state}</p>` : nothing}
      <ul class="outcomes" aria-hidden="true">${(isSame ? outcomes.slice(0, 1) : outcomes).map(
        (/** @type {any} */ of) => html`<li class=${of.kind}><span>${of.sign}</span> ${isSame ? nothing : html`${channelLabel(of.channel)}: `}${of.label}</li>`,
      )}</ul>
      ${better ? html`<button type="button" class="link" @click=${() => this._open(better)}>${say("use_instead", { number: document.order.indexOf(better) + 1 })}</button>` : nothing}
    </li>`;
  }

  // --- the text ----------------------------------------------------------------------------------------------------

  _text() {
    const { document } = this.post;
    const found = document.text_found?.found;
    const hits = found?.hits ?? [];
    return html`<section aria-labelledby="text">
      <h2 id="text">${say("text")}</h2>
      <textarea rows="4" maxlength="20000" aria-labelledby="text" .value=${this.draft ?? document.text} ?readonly=${!!document.cms}
        @input=${this._typed} @change=${this._written}></textarea>
      ${document.cms ? html`<p class="hint">${say("text_elsewhere")}</p>` : nothing}
      ${hits.length
        ? html`<div class="note" role="status">
            <p>${say("names_in_text")}</p><p class="said-text">${underlined(found.text, hits)}</p>
            ${document.cms ? nothing : html`<button type="button" class="second" @click=${this._withoutNames}>${say("without_names")}</button>`}
          </div>` : nothing}
    </section>`;
  }

  /** Where the text is kept until the post has it. */
  get _draftKey() {
    return `fotopoort.text.${this.postId}`;
  }

  /** @param {Event} event */
  _typed(event) {
    this.draft = /** @type {HTMLTextAreaElement} */ (event.target).value;
    keep(this._draftKey, this.draft);
    clearTimeout(this._typing);
    this._typing = setTimeout(() => this._written(), TYPED);
  }

  /**
   * What is typed becomes the text of the post, before whatever a button does with that.
   * @returns {Promise<boolean>} whether it did.
   */
  async _written() {
    clearTimeout(this._typing);
    const { draft } = this;
    if (draft === null || !this.post.isOpen) return draft === null;
    if (draft !== this._sent) {
      this._sent = draft;
      this._writing = this.post.change("PATCH", "", { text: draft });
    }
    const isWritten = await this._writing;
    if (this._sent === draft) this._sent = null;
    if (isWritten && this.draft === draft) {
      this.draft = null;
      if (kept(this._draftKey) === draft) keep(this._draftKey, ""); // not what was typed since, in the post opened again
    }
    return isWritten;
  }

  async _withoutNames() {
    this._focus("textarea");
    if (!(await this._written())) return;
    const clean = this.post.document.text_found?.found?.clean;
    if (clean) await this.post.change("PATCH", "", { text: clean });
  }

  // --- out ---------------------------------------------------------------------------------------------------------

  /** How many photos are ready for each channel, and how many will be by themselves. */
  _ready() {
    const { document, photos } = this.post;
    return document.channels.map((/** @type {string} */ channel) => {
      const ready = photos.filter((/** @type {any} */ photo) => photo.judged?.verdicts[channel]?.rendition).length;
      const coming = photos.filter((/** @type {any} */ photo) => !photo.error && ["publish", "blur"].includes(photo.judged?.verdicts[channel]?.outcome)).length;
      return { channel, ready, coming };
    });
  }

  _taking() {
    const { document, photos, path } = this.post;
    if (!photos.length) return nothing;
    const text = this.draft ?? document.text;
    return html`<section aria-labelledby="out">
      <h2 id="out">${say("take_away")}</h2>
      <ul class="channels">${this._ready().map(
        (/** @type {any} */ row) => html`<li class="card">
          <h3>${channelLabel(row.channel)}</h3>
          <p role="status">${sayCount("ready", row.ready, { all: photos.length })} ${row.coming > row.ready ? sayCount("more_coming", row.coming - row.ready) : ""}</p>
          ${document.post.notes?.[row.channel] ? html`<p class="hint">${document.post.notes[row.channel][page.language]}</p>` : nothing}
          <div class="row">
            ${row.ready
              ? downloadOf(this.post.changing > 0 || this.draft !== null || row.coming > row.ready, html`<a class="button" href="${path}/zip/${row.channel}" download>${sayCount("download_all", row.ready)}</a>`) : nothing}
          </div>
        </li>`,
      )}</ul>
      <div class="row">
        ${text ? html`<button type="button" class="second" @click=${this._copy}>${say(this.copied === text ? "copied" : "copy_text")}</button>` : nothing}
        <button type="button" class="second" aria-expanded=${this.ending} @click=${() => (this.ending = !this.ending)}>${say("finish")}</button>
      </div>
      ${this.ending ? html`<div class="note" role="alert"><p>${say("finish_about")}</p>
        <button type="button" class="danger" @click=${() => this.post.change("POST", "/finish")}>${say("finish_now")}</button></div>` : nothing}
    </section>`;
  }

  /**
   * Whoever is not logged in any more has to do that first: the browser would say nothing of use.
   * @param {Event} event
   */
  async _download(event) {
    const link = /** @type {Element} */ (event.target).closest("a[download]");
    if (!link || link === this._mayDownload) return;
    event.preventDefault();
    try {
      await this.post.load();
      this._mayDownload = link;
      if (link.isConnected) /** @type {HTMLElement} */ (link).click(); // and not where it changed meanwhile
    } catch (error) {
      this.post.problem = error;
      this.requestUpdate();
    } finally {
      this._mayDownload = null;
    }
  }

  async _copy() {
    if (this.draft !== null && !(await this._written())) return; // a browser may copy only at once
    const { document } = this.post;
    const mayGo = Object.values(document.text_found?.verdicts ?? {}).every((/** @type {any} */ verdict) => verdict.outcome === "publish");
    await navigator.clipboard.writeText(mayGo ? document.text : document.text_found.found.clean);
    this.copied = document.text;
  }
}
customElements.define("fp-post", PostView);

/**
 * The first sentence of a text, and what follows. A letter and a dot end none.
 * @param {string} text
 */
function firstSentence(text) {
  const [first] = /^.*?[\p{L}\d”]{2}[.?](?= )/u.exec(text) ?? [text];
  return [first, text.slice(first.length).trim()];
}

/**
 * A question about faces is the same one as long as there is one of its kind, whoever it is about after a tap.
 * @param {any} question
 */
const keyOf = (question) => (OF_FACES.has(question.kind) && question.kind !== "point_out" ? question.kind : question.id);

/** @param {string} day */
const dayOf = (day) => new Date(`${day}T12:00`).toLocaleDateString(page.language, { weekday: "long", day: "numeric", month: "long" });

/**
 * Also what is no control, such as a heading.
 * @param {Element} element
 */
function focus(element) {
  if (!element.matches("button, a, textarea")) element.setAttribute("tabindex", "-1");
  /** @type {HTMLElement} */ (element).focus();
}

/**
 * A text with the names in it underlined.
 * @param {string} text
 * @param {any[]} hits
 */
function underlined(text, hits) {
  const letters = [...text]; // positions count characters, as the server does
  let at = 0;
  return [...hits]
    .sort((a, b) => a.start - b.start)
    .flatMap((hit) => {
      const before = letters.slice(at, hit.start).join("");
      const name = letters.slice(Math.max(at, hit.start), hit.end).join("");
      at = Math.max(at, hit.end);
      return [before, html`<u>${name}</u>`];
    })
    .concat(letters.slice(at).join(""));
}
