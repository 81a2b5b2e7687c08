/** One photo from near by: its faces, what becomes of it on each channel, and what can be done about it. */

import { LitElement, html, nothing, svg } from "./lit.js";
import { page, say } from "./api.js";
import { channelLabel, isWithin, middle } from "./store.js";
import { faceCrop, saidOf } from "./faces.js";

const TAP = 8; // pixels that a finger moves while it taps
const NEAR = 24; // pixels from the middle of a face at which a tap still means that face
const STEP = 0.02; // of the photo's width, for the arrow keys
const ZOOMS = [1, 2, 4];

/**
 * What a channel's verdict looks like: a sign, and what it is called.
 * @param {Record<string, any>} verdict
 */
export function outcomeOf(verdict) {
  const sign = verdict.outcome === "publish" ? "✓" : verdict.outcome === "blur" ? "▒" : verdict.not_yet ? "…" : "✕";
  const kind = verdict.outcome === "reject" && verdict.not_yet ? "not-yet" : verdict.outcome;
  return { sign, kind, label: verdict.label[page.language] };
}

/**
 * What went wrong last, until it is read or something goes well.
 * @param {import("./store.js").Post} post
 */
export function problemOf(post) {
  const { problem } = post;
  return problem ? html`<section class="problem" role="alert"><strong>${problem.message}</strong><p>${problem.hint}</p>
      <button type="button" class="link" @click=${() => post.understood()}>${say("understood")}</button></section>` : nothing;
}

/**
 * While something that was said is not at the server yet.
 * @param {import("./store.js").Post} post
 */
export function savingOf(post) {
  const text = post.isOffline ? `${say("offline")} ${say("goes_on")}` : say("saving");
  return post.changing ? html`<p class="saving" role="status">${text}</p>` : nothing;
}

/**
 * Where something is to be downloaded: not while what was said may change it.
 * @param {boolean} mayChange
 * @param {unknown} link
 */
export const downloadOf = (mayChange, link) => (mayChange ? html`<button type="button" class="second" disabled>${say("saving")}</button>` : link);

class PhotoDialog extends LitElement {
  static properties = {
    post: { attribute: false }, photo: { attribute: false }, among: { attribute: false }, draws: { type: Boolean },
    face: { state: true }, drawing: { state: true }, box: { state: true }, zoom: { state: true }, centre: { state: true }, reporting: { state: true }, compared: { state: true },
  };

  constructor() {
    super();
    /** @type {any} */
    this.post = null;
    /** @type {any} */
    this.photo = null;
    /** @type {string[]} the photos to go through from here */
    this.among = [];
    /** whether it opens to draw in */
    this.draws = false;
    this.face = "";
    this.drawing = false;
    /** @type {number[] | null} */
    this.box = null;
    this.zoom = 1;
    this.centre = [0.5, 0.5];
    this.reporting = false;
    this.compared = "";
    /** @type {any} */
    this._corner = null;
    this._update = () => this.requestUpdate();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.post.addEventListener("change", this._update); // also of what is not in the photo: what is saved, or went wrong
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.post.removeEventListener("change", this._update);
  }

  firstUpdated() {
    this._dialog.showModal();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const before = /** @type {any} */ (changed.get("photo"));
    if (!changed.has("photo") || before?.id === this.photo.id) return;
    this._put({ drawing: false, box: null, face: "", zoom: 1, centre: [0.5, 0.5], reporting: false, compared: "" });
    if (this.draws && this.photo.judged) this._draw();
  }

  /** @param {Partial<PhotoDialog>} state */
  _put(state) {
    Object.assign(this, state);
    this._corner = null;
    this._start = undefined;
  }

  /** @returns {HTMLDialogElement} */
  get _dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  render() {
    const { photo, post } = this;
    const number = post.document.order.indexOf(photo.id) + 1;
    const title = say("photo_number", { number });
    const at = this.among.indexOf(photo.id);
    return html`<dialog class="photo" aria-labelledby="photo-title" @close=${this._closed} @keydown=${this._key}>
      <header>
        <h2 id="photo-title" tabindex="-1" autofocus>${title}</h2>
        ${this._goTo("previous", "‹", this.among[at - 1])} ${this._goTo("next", "›", at < 0 ? undefined : this.among[at + 1])}
        <button type="button" class="second" @click=${() => this._dialog.close()}>${say("close")}</button>
      </header>
      ${photo.error ? html`<p class="problem" role="alert"><strong>${photo.error.message}</strong> ${photo.error.hint}</p>` : nothing}
      ${photo.judged ? this._judged() : photo.view ? html`<img class="whole" src=${photo.view} alt=${title}>` : html`<p>${say("being_looked_at")}</p>`}
      <div class="row foot">
        ${photo.state === "failed" && photo.received === photo.size
          ? html`<button type="button" class="second" @click=${() => post.change("POST", `/photos/${photo.id}/retry`)}>${say("try_again")}</button>` : nothing}
        <button type="button" class="second" @click=${() => (this.reporting = !this.reporting)}>${say("report")}</button>
        <button type="button" class="danger" @click=${this._remove}>${say("remove_photo")}</button>
      </div>
      ${this.reporting ? this._report() : nothing}
      ${problemOf(post)} ${savingOf(post)}
    </dialog>`;
  }

  /**
   * @param {string} text
   * @param {string} sign
   * @param {string | undefined} photo
   */
  _goTo(text, sign, photo) {
    if (this.among.length < 2) return nothing;
    return html`<button type="button" class="second sign" aria-label=${say(text)} aria-disabled=${!photo}
      @click=${() => photo && this.dispatchEvent(new CustomEvent("other", { detail: photo }))}>${sign}</button>`;
  }

  _judged() {
    const { photo, post } = this;
    const { faces } = photo.judged;
    const chosen = faces.find((/** @type {any} */ face) => face.id === this.face);
    return html`
      <div class="row tools">
        <button type="button" class=${this.drawing ? "" : "second"} aria-pressed=${this.drawing} @click=${this._draw}>${say("draw")}</button>
        <span class="zooms" role="group" aria-label=${say("zoom")}>${ZOOMS.map((zoom) => html`<button type="button" class="second sign" aria-pressed=${this.zoom === zoom} @click=${() => (this.zoom = zoom)}>${zoom}×</button>`)}</span>
      </div>
      ${this.drawing ? html`<p class="note" role="status">${say("draw_how")}</p>` : nothing}
      <div class="near"><div>${this._picture()}
      ${faces.length && !this.drawing ? html`<p class="hint">${say("tap_and_say")}</p><ul class="strip" aria-label=${say("faces_here")}>${faces.map((/** @type {any} */ face, /** @type {number} */ index) => this._face(face, index))}</ul>` : nothing}
      </div><div>${chosen && !this.drawing
        ? html`<fp-face-menu .post=${post} .photo=${photo} .face=${chosen} @done=${this._named}></fp-face-menu>` : nothing}
      <ul class="channels">${post.document.channels.map((/** @type {string} */ channel) => this._channel(channel))}</ul></div></div>
    `;
  }

  _picture() {
    const { width, height, faces } = this.photo.judged;
    const [w, h] = [width / this.zoom, height / this.zoom];
    const x = Math.min(Math.max(this.centre[0] * width - w / 2, 0), width - w);
    const y = Math.min(Math.max(this.centre[1] * height - h / 2, 0), height - h);
    const number = this.post.document.order.indexOf(this.photo.id) + 1;
    return html`<svg
      class="picture ${this.drawing ? "drawing" : this.zoom > 1 ? "zoomed" : ""}" viewBox="${x} ${y} ${w} ${h}" role=${this.drawing ? "application" : "img"}
      tabindex=${this.drawing ? "0" : nothing} aria-label=${this.drawing ? say("draw_area") : say("photo_number", { number })}
      @pointerdown=${this._down} @pointermove=${this._move} @pointerup=${this._up}
    >
      <image href=${this.photo.view} width=${width} height=${height}></image>
      ${this._covered().map(([x, y, w, h]) => svg`<rect class="covered" x=${x} y=${y} width=${w} height=${h}></rect>`)}
      ${faces.map((/** @type {any} */ face) => this._outline(face))}
      ${this.box ? svg`<rect class="drawn" x=${this.box[0]} y=${this.box[1]} width=${this.box[2]} height=${this.box[3]}></rect>` : nothing}
    </svg>`;
  }

  /**
   * What is covered on any channel, but for faces, which have an outline.
   * @returns {number[][]}
   */
  _covered() {
    const { verdicts, faces } = this.photo.judged;
    const all = Object.values(verdicts).flatMap((/** @type {any} */ verdict) => (verdict.crop?.applied ? [] : verdict.covered));
    const isFace = (/** @type {number[]} */ box) => faces.some((/** @type {any} */ face) => isWithin(middle(face.box), box));
    return [...new Map(all.filter((box) => !isFace(box)).map((box) => [box.join(), box])).values()];
  }

  /** @param {any} face */
  _outline(face) {
    const [x, y, w, h] = face.box;
    const kind = (saidOf(this.post, this.photo, face) ? " said" : "") + (face.id === this.face ? " chosen" : "");
    return svg`<rect class="outline${kind}" x=${x} y=${y} width=${w} height=${h}></rect>`;
  }

  /**
   * A face below the photo, large enough to tap.
   * @param {any} face
   * @param {number} index
   */
  _face(face, index) {
    const said = saidOf(this.post, this.photo, face);
    const label = say("face_number", { face: index + 1 }) + (said ? `: ${said}` : "");
    return html`<li><button type="button" class="face" data-face=${face.id} aria-label=${label} aria-pressed=${Boolean(said)} aria-expanded=${face.id === this.face}
      @click=${() => this._chose(face)}>${faceCrop(this.photo, face.box)}${said ? html`<span class="said">${said}</span>` : nothing}</button></li>`;
  }

  /** @param {any} face */
  _chose(face) {
    const { width, height } = this.photo.judged;
    const [x, y] = middle(face.box);
    this.centre = this.zoom > 1 ? this.centre : [x / width, y / height];
    this.face = this.face === face.id ? "" : face.id;
  }

  /** Its menu goes: whoever uses the keyboard is at the face again. */
  async _named() {
    const { face } = this;
    this.face = "";
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector(`[data-face="${face}"]`))?.focus();
  }

  /** @param {string} channel */
  _channel(channel) {
    const verdict = this.photo.judged.verdicts[channel];
    if (!verdict) return nothing;
    const { sign, kind, label } = outcomeOf(verdict);
    const reason = verdict.reasons[0]?.[page.language] ?? "";
    const isMade = Boolean(verdict.rendition);
    const crop = verdict.crop;
    return html`<li class="channel ${kind}">
      <h3><span aria-hidden="true">${sign}</span> ${channelLabel(channel)}: ${label}</h3>
      ${reason ? html`<p>${reason}</p>` : nothing}
      ${verdict.outcome !== "reject" && !isMade ? html`<p class="hint" role="status">${say("being_made")}</p>` : nothing}
      ${crop ? html`<button type="button" class="second" @click=${() => this.post.answer([this.photo.id], { crop: !crop.applied })}>
          ${say(crop.applied ? "no_crop" : "crop")}</button>` : nothing}
      ${isMade ? this._compare(channel, verdict) : nothing}
    </li>`;
  }

  /**
   * @param {string} channel
   * @param {any} verdict
   */
  _compare(channel, verdict) {
    const { href, sha256 } = verdict.rendition;
    const address = `${href}?v=${sha256.slice(0, 12)}`;
    const file = `foto-${sha256.slice(0, 12)}.jpg`;
    return html`
      ${this.compared === channel
        ? html`<figure class="compare">
            <img src=${address} alt=${say("as_published", { channel: channelLabel(channel) })}>
            ${verdict.crop?.applied ? nothing : html`<img class="before" src=${this.photo.view} alt="">
            <input type="range" min="0" max="100" value="0" aria-label=${say("slide")} @input=${this._slide}>`}
          </figure>`
        : nothing}
      <div class="row">
        <button type="button" class="second" aria-expanded=${this.compared === channel}
          @click=${() => (this.compared = this.compared === channel ? "" : channel)}>${say("compare")}</button>
        ${downloadOf(this.post.changing > 0, html`<a class="button second" href=${address} download=${file}>${say("download")}</a>`)}
      </div>`;
  }

  /** @param {any} event */
  _slide(event) {
    event.target.parentElement.style.setProperty("--shown", `${event.target.value}%`);
  }

  _report() {
    return html`<form class="card" @submit=${this._reported}>
      <label>${say("report_why")}<input name="reason" required maxlength="500" autocomplete="off"></label>
      <p class="hint">${say("report_about")}</p>
      <button class="danger">${say("report_now")}</button>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  async _reported(event) {
    event.preventDefault();
    const reason = new FormData(/** @type {HTMLFormElement} */ (event.target)).get("reason");
    if (await this.post.change("POST", `/photos/${this.photo.id}/report`, { reason })) this._dialog.close();
  }

  async _remove() {
    if (await this.post.change("DELETE", `/photos/${this.photo.id}`)) this._dialog.close();
  }

  _closed() {
    this.dispatchEvent(new Event("closed"));
  }

  // --- in the photo: a tap on a face, a drag to another part; drawing by a drag, two taps, or the arrow keys ---------

  _draw() {
    this._put({ drawing: !this.drawing, box: null, face: "" });
    if (this.drawing) this.updateComplete.then(() => /** @type {any} */ (this.querySelector("svg.picture"))?.focus());
  }

  /**
   * Where in the photo a pointer is, in its pixels.
   * @param {PointerEvent} event
   */
  _point(event) {
    const picture = /** @type {SVGSVGElement} */ (this.querySelector("svg.picture"));
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM()?.inverse());
    const { width, height } = this.photo.judged;
    return [Math.min(Math.max(point.x, 0), width), Math.min(Math.max(point.y, 0), height)];
  }

  /** @param {PointerEvent} event */
  _down(event) {
    this._start = { point: this._point(event), at: [event.clientX, event.clientY], centre: this.centre };
    if (!this.drawing && this.zoom === 1) return; // a finger scrolls the page
    event.preventDefault();
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  _move(event) {
    if (!this.drawing && this._start && this.zoom > 1) {
      const { width, height } = this.photo.judged;
      const scale = this._scale();
      const half = 0.5 / this.zoom;
      const moved = [(event.clientX - this._start.at[0]) / scale / width, (event.clientY - this._start.at[1]) / scale / height];
      this.centre = this._start.centre.map((at, side) => Math.min(Math.max(at - moved[side], half), 1 - half));
    } else if (this.drawing && this._start) this.box = between(this._start.point, this._point(event));
    else if (this.drawing && this._corner) this.box = between(this._corner, this._point(event));
  }

  /** @param {PointerEvent} event */
  _up(event) {
    if (!this._start) return;
    const moved = Math.hypot(event.clientX - this._start.at[0], event.clientY - this._start.at[1]);
    const { point } = this._start;
    this._start = undefined;
    if (!this.drawing) {
      if (moved <= TAP) this._tapped(point);
    } else if (moved > TAP) this._drawn(between(point, this._point(event)));
    else if (this._corner) this._drawn(between(this._corner, point));
    else {
      this._corner = point;
      this.box = [point[0], point[1], 1, 1];
    }
  }

  /** How many pixels of the window are one of the photo. */
  _scale() {
    return /** @type {SVGSVGElement} */ (this.querySelector("svg.picture")).getScreenCTM()?.a ?? 1;
  }

  /**
   * The face that is meant by a tap: the nearest.
   * @param {number[]} point
   */
  _tapped(point) {
    const { width, height, faces } = this.photo.judged;
    const distance = (/** @type {any} */ face) => Math.hypot(...middle(face.box).map((at, side) => at - point[side]));
    const [face] = [...faces].sort((one, other) => distance(one) - distance(other));
    if (face && (isWithin(point, face.box) || distance(face) * this._scale() <= NEAR)) this._chose(face);
    else if (this.zoom === 1) this.centre = [point[0] / width, point[1] / height];
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    if (!this.drawing || !(event.target instanceof SVGSVGElement)) return;
    const { width, height } = this.photo.judged;
    const step = STEP * width;
    const [x, y, w, h] = this.box ?? [0.45 * width, 0.45 * height, 0.1 * width, 0.1 * height];
    const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [0, 0];
    if (event.key === "Escape") {
      event.preventDefault();
      this._draw();
    } else if (event.key === "Enter" && this.box) {
      event.preventDefault();
      this._drawn(this.box);
    } else if (dx || dy) {
      event.preventDefault();
      this.box = event.shiftKey
        ? [x, y, Math.min(Math.max(w + dx, step), width - x), Math.min(Math.max(h + dy, step), height - y)]
        : [Math.min(Math.max(x + dx, 0), width - w), Math.min(Math.max(y + dy, 0), height - h), w, h];
    }
  }

  /** @param {number[]} box */
  async _drawn(box) {
    this._corner = null;
    if (box[2] < 2 || box[3] < 2) return;
    this.box = box;
    this.drawing = false;
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector(".tools button"))?.focus();
    await this.post.answer([this.photo.id], { drawn: [{ box: box.map((side) => Math.round(10 * side) / 10) }] });
    if (this.box === box) this.box = null;
  }
}
customElements.define("fp-photo", PhotoDialog);

/**
 * The box between two points.
 * @param {number[]} first
 * @param {number[]} second
 */
function between(first, second) {
  const [x, y] = [Math.min(first[0], second[0]), Math.min(first[1], second[1])];
  return [x, y, Math.abs(first[0] - second[0]), Math.abs(first[1] - second[1])];
}
