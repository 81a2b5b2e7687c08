/** The teacher's page: begin a post or go on with one. */

import { LitElement, html, nothing, repeat } from "./lit.js";
import { page, placeBefore, request, say } from "./api.js";
import "./post.js";
import { channelLabel, sentBy } from "./store.js";
import { forgetOthers } from "./upload.js";

const REMEMBERED = "fotopoort.choice";

class App extends LitElement {
  static properties = {
    postId: { state: true }, posts: { state: true }, problem: { state: true }, groups: { state: true }, channels: { state: true }, day: { state: true },
    busy: { state: true }, together: { state: true },
  };

  constructor() {
    super();
    this.postId = "";
    /** @type {any[] | null} */
    this.posts = null;
    /** @type {any} */
    this.problem = null;
    const before = remembered();
    /** @type {Set<string>} */
    this.groups = new Set(before.groups.filter((/** @type {string} */ group) => page.groups.includes(group)));
    if (page.groups.length === 1) this.groups = new Set(page.groups);
    /** @type {Set<string>} */
    this.channels = new Set(before.channels.filter((/** @type {string} */ id) => page.channels.some((channel) => channel.id === id)));
    this.together = Boolean(before.together);
    this.day = "";
    this.busy = false;
    this._route = () => this._go();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("hashchange", this._route);
    const before = placeBefore();
    if (before && !location.hash) location.replace(before);
    this._go();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("hashchange", this._route);
  }

  _go() {
    const match = /^#post=([0-9a-f]{32})$/.exec(location.hash);
    this.postId = match ? match[1] : "";
    if (!match) this._list();
  }

  async _list() {
    try {
      this.posts = (await request("GET", "/v1/posts?open=true")).posts;
      this.problem = null;
      forgetOthers(/** @type {any[]} */ (this.posts).map((post) => post.id));
    } catch (error) {
      this.problem = error;
    }
  }

  render() {
    if (this.postId) return html`${repeat([this.postId], (id) => id, (id) => html`<fp-post .postId=${id}></fp-post>`)}`; // one for each post
    const mayBegin = this.channels.size > 0 && (this.groups.size > 0 || !page.needs_group) && !this.busy;
    return html`
      <h1>${say("new_post")}</h1>
      ${this.problem ? html`<section class="problem" role="alert"><strong>${this.problem.message}</strong><p>${this.problem.hint}</p></section>` : nothing}
      <form @submit=${this._begin}>
        ${page.groups.length
          ? html`<fieldset><legend>${say("which_group")}</legend><div class="choices">
              ${page.groups.map((group) => this._choice("groups", group, group))}</div></fieldset>` : nothing}
        <fieldset><legend>${say("which_channels")}</legend><div class="choices">
          ${page.channels.map((channel) => this._choice("channels", channel.id, channel.label))}</div>
          ${this.channels.size > 1
            ? html`<label class="choice about"><input type="checkbox" name="together" .checked=${this.together} @change=${(/** @type {any} */ event) => (this.together = event.target.checked)}>
                <span>${say("together")}<br><small class="hint">${say("together_about")}</small></span></label>` : nothing}</fieldset>
        <details><summary>${say("other_day")}</summary>
          <label>${say("day")}<input type="date" .value=${this.day} @change=${(/** @type {any} */ event) => (this.day = event.target.value)}></label></details>
        <div class="row"><button ?disabled=${!mayBegin}>${say("begin")}</button>
          ${mayBegin ? nothing : html`<span class="hint">${say("choose_first")}</span>`}</div>
      </form>
      ${this._posts("sent_and_waits", (post) => post.cms?.waits)}
      ${this._posts("go_on_with", (post) => !post.cms)}
      ${this._posts("sent_and_done", (post) => post.cms && !post.cms.waits, true)}
    `;
  }

  /**
   * Some of the posts, under a heading.
   * @param {string} heading
   * @param {(post: any) => boolean} are
   * @param {boolean} isFolded they need nobody
   */
  _posts(heading, are, isFolded = false) {
    const posts = this.posts?.filter(are) ?? [];
    if (!posts.length) return nothing;
    const list = html`<ul class="doors">${posts.map(
      (post) => html`<li><a href="#post=${post.id}">${post.groups.join(", ") || say("whole_school")}</a>
        <p>${post.channels.map(channelLabel).join(", ")} · ${dayOf(post.made)}${post.cms ? ` · ${sentBy(post.cms)}` : post.is_own ? "" : ` · ${say("of_colleague")}`}</p></li>`,
    )}</ul>`;
    return isFolded ? html`<details><summary>${say(heading)}</summary>${list}</details>` : html`<h2>${say(heading)}</h2>${list}`;
  }

  /**
   * @param {"groups" | "channels"} kind
   * @param {string} value
   * @param {string} label
   */
  _choice(kind, value, label) {
    return html`<label class="choice big"><input type="checkbox" name=${kind} .checked=${this[kind].has(value)} @change=${(/** @type {any} */ event) => {
      const chosen = new Set(this[kind]);
      if (event.target.checked) chosen.add(value);
      else chosen.delete(value);
      this[kind] = chosen;
    }}>${label}</label>`;
  }

  /** @param {SubmitEvent} event */
  async _begin(event) {
    event.preventDefault();
    this.busy = true;
    const together = this.together && this.channels.size > 1;
    const choice = { together, groups: [...this.groups], channels: page.channels.map((channel) => channel.id).filter((id) => this.channels.has(id)) };
    try {
      const post = await request("POST", "/v1/posts", { json: this.day ? { ...choice, day: this.day } : choice });
      remember(choice);
      this.problem = null;
      location.hash = `post=${post.id}`;
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }
}
customElements.define("fp-app", App);

for (const kind of ["dragover", "drop"])
  addEventListener(kind, (event) => {
    const isFile = /** @type {DragEvent} */ (event).dataTransfer?.types.includes("Files");
    if (isFile) event.preventDefault(); // beside the place for it: the browser would open it instead of the page
  });

/** @param {string} moment */
const dayOf = (moment) => new Date(moment).toLocaleString(page.language, { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });

function remembered() {
  try {
    return { groups: [], channels: [], ...JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}") };
  } catch {
    return { groups: [], channels: [] };
  }
}

/** @param {unknown} choice */
function remember(choice) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(choice));
  } catch {
    // The browser keeps nothing: it is chosen again next time.
  }
}
