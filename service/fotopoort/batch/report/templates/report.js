"use strict";
// One file, as the page takes one script of its own, by its hash. What it shows of each photo comes from files beside the
// page, one after the other: see `load`.
// A photo: {file, sha256, taken, groups, picture, ratio: width by height, scene, failure?, crops?: [channel, …],
//   faces: [[id, x, y, width, height]], the middle and size of its box in thousandths,
//   verdicts: per channel [outcome, address, [[reason, faces]]]}
// A question: {kind, about, nl, en, answer, ticked, unknown, photos: [number, …], names and faces: {number: [id, …]},
//   unknown_of: {number: …}}; `answer`, `ticked` and `unknown` are what to say of a photo: where the answer holds for all,
//   where it is ticked, and where nobody knows; null: nothing
// A burst: {photos: [number, …], best: per channel a number or null}
(() => {
const page = document.documentElement;
const by = (id) => document.getElementById(id);
const data = JSON.parse(by("data").textContent);
const PER_PAGE = 60, FEW = 8, IN_STRIP = 12, SAME_FACE = 0.5;
const OUTCOMES = ["publish", "blur", "not_yet", "reject"];
const photos = [], questions = [], bursts = [];
const asking = new Map(), inBurst = new Map();  // photo → its questions; photo → its burst
const answered = new Map();  // question → what holds for all its photos that are not ticked: "answer" or "unknown"
const shownOf = new Map();  // question → how many of its photos are shown, where that is not IN_STRIP
const cropped = new Set();  // photos of which a part is to be used
const ticked = new Map();  // question → those that are
let earlier = {}, english = false, saved = true;
let matching = [], first = 0, loadedAll = false;
let choice = {}, shownQuestions = FEW, shownBursts = FEW, open = null;

const say = (key, values = {}) => (data.texts[key] ?? [key, key])[+english].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");  // as the page has it: read alike in both languages
const counted = (n, singular, plural) => `${number(n)} ${say(n === 1 ? singular : plural)}`;
const channel = (index) => data.channels[index][+english];
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const base = (photo) => photo.file.slice(photo.file.lastIndexOf("/") + 1);

// Text is only ever set as text: nothing of a photo, a file name or a person becomes markup.
function make(tag, more = {}, ...inside) {
  const { dataset, aria, on, ...plainly } = more;
  const made = Object.assign(document.createElement(tag), plainly);
  Object.assign(made.dataset, dataset);
  for (const [key, value] of Object.entries(aria ?? {})) made.setAttribute(`aria-${key}`, value);
  if (on) made.addEventListener("click", on);
  made.append(...inside.filter((child) => child != null));
  return made;
}

function picture(photo) {
  const frame = make("span", { className: "picture" });
  if (photo?.picture) frame.append(make("img", { src: photo.picture, alt: say("covered_photo", { file: photo.file }), loading: "lazy", decoding: "async" }));
  else frame.append(say(photo ? "no_picture" : "loading"));
  return frame;
}

// The faces to look at for a question: those that it is about, or all, where it is about whoever else there is.
const OF_ALL_FACES = ["unseen_people", "unseen_person", "may_face_camera", "point_out"];
function facesOf(question, index) {
  const ids = question.faces[index];
  return (photos[index]?.faces ?? []).filter(([id]) => ids ? ids.includes(id) : OF_ALL_FACES.includes(question.kind));
}

// A small picture with a line around each of these faces. It has the photo's own shape, so that the lines lie right.
function outlined(photo, faces) {
  const frame = picture(photo);
  if (!photo?.picture || !faces.length) return frame;
  const image = frame.firstChild, over = make("span", { className: "over" }, image);
  image.alt += ` (${say("outlined", { faces: counted(faces.length, "face", "faces") })})`;
  over.style.aspectRatio = photo.ratio;
  over.style.width = `${Math.min(100, 75 * photo.ratio)}%`;
  for (const [, x, y, width, height] of faces) {
    const line = make("span", { className: "line" });
    [line.style.left, line.style.top, line.style.width, line.style.height] = [x, y, width, height].map((part) => `${part / 10}%`);
    over.append(line);
  }
  frame.append(over);
  return frame;
}

// The whole photo with the number of each face on it.
function marked(photo) {
  const frame = picture(photo);
  if (!photo.picture) return frame;
  frame.classList.add("marked");
  for (const [id, x, y] of photo.faces) {
    const mark = make("span", { className: "mark", textContent: id });
    [mark.style.left, mark.style.top] = [`${x / 10}%`, `${y / 10}%`];
    frame.append(mark);
  }
  return frame;
}

const few = (faces) => [...faces.slice(0, 6), ...(faces.length > 6 ? ["…"] : [])];
const ofFaces = (faces) => faces ? make("code", { textContent: ` ${few(faces).join(" ")}` }) : null;
const sign = () => make("span", { className: "sign", aria: { hidden: "true" } });
const ofFace = { who_is_this: (question) => say(`who_${question.about}`), is_pupil: () => say("is_pupil") };
const about = (question) => ofFace[question.kind]?.(question) ?? question[english ? "en" : "nl"];

const marks = (index) => ticked.get(index) ?? new Set();
const holds = (index, photo) => answered.has(index) && !marks(index).has(photo);
// Questions of which anything was said: the button was pressed, or something is said of what is ticked. A tick alone answers
// for no other photo.
const said = () => questions.map((_, index) => index).filter((index) => answered.has(index) || (questions[index].ticked && marks(index).size));

// --- what needs a person ---

function drawQuestions() {
  if (!by("questions")) return;
  by("questions").replaceChildren(...questions.slice(0, shownQuestions).map(drawQuestion));
  more("more-questions", questions.length - shownQuestions);
}

function drawQuestion(question, index) {
  const { size } = marks(index);
  const moments = momentsShown(question, index), shown = moments.flat();
  const unseen = question.photos.length - shown.filter((photo) => photos[photo]).length;
  const acts = make("div", { className: "acts" });
  const choice = (what, textContent, more = {}) => acts.append(make("button", {
    type: "button", textContent, aria: { pressed: String(answered.get(index) === what) }, dataset: { [what]: index },
    on: () => answer(index, what), ...more,
  }));
  if (question.answer) choice("answer", say(`answer_${question.kind}`), { disabled: unseen > 0 });
  choice("unknown", say("do_not_know"));
  acts.append(make("button", { type: "button", textContent: say("show_photos"), dataset: { question: index }, on: () => choose({ question: index }) }));
  if (question.answer && unseen) {
    acts.append(make("small", { id: `unseen-${index}`, textContent: say("see_all_first", { count: number(unseen) }) }));
    acts.firstChild.setAttribute("aria-describedby", `unseen-${index}`);
  }
  if (!question.answer) acts.append(make("small", { textContent: say("each_by_itself") }));
  if (question.ticked) acts.append(make("small", { textContent: say("is_harmful_lead") }));
  if (size) acts.append(make("span", {}, `${number(size)} ${say(question.ticked ? "exceptions_is_harmful" : "exceptions")}`));
  return make("li", { className: answered.has(index) || (question.ticked && size) ? "done" : "" },
    make("div", { className: "ask" }, make("b", { textContent: about(question) }), make("span", { textContent: counted(question.photos.length, "photo", "photos") })),
    make("ul", { className: "strip all" }, ...moments.map((together) => moment(question, together, shown))),
    shown.length < question.photos.length ? make("button", {
      type: "button", className: "more", textContent: `${say("show_more")} (${number(question.photos.length - shown.length)})`, dataset: { more: index },
      on: () => showMore(index, shown.length),
    }) : null,
    acts);
}

// The photos of a question: those of one moment together, where the first of them stands.
function moments(question) {
  const found = new Map();
  for (const photo of question.photos) {
    const key = inBurst.has(photo) ? `burst ${inBurst.get(photo)}` : photo;
    found.set(key, [...(found.get(key) ?? []), photo]);
  }
  return [...found.values()];
}

// Those that are shown; a moment is shown whole.
function momentsShown(question, index) {
  question.moments ??= moments(question);
  const most = shownOf.get(index) ?? IN_STRIP;
  let count = 0;
  return question.moments.filter((together) => count < most && (count += together.length));
}

function moment(question, together, among) {
  const tiles = together.map((photo) => make("li", {}, tile(photo, among, outlined(photos[photo], facesOf(question, photo)))));
  if (tiles.length === 1) return tiles[0];
  const name = say("of_one_moment", { count: number(together.length) });
  return make("li", { className: "moment" }, make("span", { className: "name", textContent: name, aria: { hidden: "true" } }),
    make("ul", { className: "strip all", aria: { label: name } }, ...tiles));
}

// Each time as many again. The button keeps the focus; once it is gone the first new photo has it, and never an answer.
function showMore(index, shown) {
  shownOf.set(index, Math.max(2 * shown, shown + PER_PAGE));
  const item = redrawQuestion(index);
  (item.querySelector("[data-more]") ?? item.querySelectorAll(".strip .open")[shown]).focus({ preventScroll: true });
}

function redrawQuestion(index) {
  const item = drawQuestion(questions[index], index);
  by("questions").children[index]?.replaceWith(item);
  return item;
}

function answer(index, what) {
  const given = answered.get(index) !== what;
  if (given) answered.set(index, what);
  else answered.delete(index);
  if (!given && !questions[index].ticked) ticked.delete(index);
  saved = false;
  refresh(`[data-${what}="${index}"]`);
}

function crop(photo, isTicked) {
  cropped[isTicked ? "add" : "delete"](photo);
  saved = false;
  refresh();
}

// To tick where a part of a photo may go out as it is.
function cropTick(index) {
  const { crops } = photos[index];
  if (!crops) return null;
  const box = make("input", { type: "checkbox", checked: cropped.has(index), dataset: { crop: index } });
  box.addEventListener("change", () => {
    const inDetail = by("detail").open;
    crop(index, box.checked);
    by(inDetail ? "detail" : "sheet").querySelector(`[data-crop="${index}"]`)?.focus();
  });
  return make("label", { className: "except" }, box, say("use_crop", { channels: crops.map(channel).join(", ") }));
}

function tick(index, photo, isTicked) {
  const those = marks(index);
  those[isTicked ? "add" : "delete"](photo);
  ticked.set(index, those);
  saved = false;
  redrawQuestion(index);
  drawAnswers();
}

function drawAnswers() {
  const count = said().length;
  by("answers").hidden = !count && !cropped.size;
  by("answered").textContent = [
    count ? `${counted(count, "question", "questions")} ${say("answered")}` : null, cropped.size ? counted(cropped.size, "crop", "crops") : null,
  ].filter(Boolean).join(" · ");
  by("save").disabled = !loadedAll;
}

// What was said of faces, now that nobody knows whose these are, which is all that is said of faces on this page. It takes
// nothing back: what was said of the same place stays, and so does a wish to cover. As everywhere, what was said of another
// place holds on, by an id that no face has.
function withUnknown(earlier, unknown) {
  const faces = { ...earlier };
  for (const [face, about] of Object.entries(unknown)) {
    const before = Object.entries(faces).filter(([id]) => id.split("@")[0] === face);
    const stays = (said) => (said.say ?? said) === "cover" || (said.box && overlap(said.box, about.box) >= SAME_FACE);
    if (before.some(([, said]) => stays(said))) continue;
    for (const [id, said] of before) {
      delete faces[id];
      faces[`${face}@${said.box ?? ""}`] = said;
    }
    faces[face] = about;
  }
  return faces;
}

// How much of two boxes is in both (IoU).
function overlap([x, y, w, h], [x2, y2, w2, h2]) {
  const both = Math.max(0, Math.min(x + w, x2 + w2) - Math.max(x, x2)) * Math.max(0, Math.min(y + h, y2 + h2) - Math.max(y, y2));
  return both / (w * h + w2 * h2 - both);
}

// The answers file of this run with the answers given on this page, for the next run.
function answersFile() {
  const answers = { ...earlier.photos };
  const keys = {};  // by SHA-256; what was said of a name alone stays by itself, for it may be of another photo
  for (const [key, about] of Object.entries(answers)) keys[(about.sha256 ?? key).toLowerCase()] = key;
  const add = (photo, about) => {
    const { sha256 } = photos[photo], key = keys[sha256] ?? sha256;
    const more = { ...answers[key] };
    for (const [what, value] of Object.entries(about)) {
      if (Array.isArray(value)) more[what] = [...new Set([...(more[what] ?? []), ...value])];
      else more[what] = what === "faces" ? withUnknown(more.faces, value) : value;
    }
    answers[key] = more;
  };
  cropped.forEach((photo) => add(photo, { crop: true }));
  for (const index of said()) {
    const question = questions[index], given = answered.get(index);
    const ticks = new Set([...marks(index)].map((photo) => photos[photo].sha256));
    for (const photo of question.photos) {
      const names = question.names[photo];
      const says = { answer: names ? { not_names: names } : question.answer, unknown: question.unknown_of[photo] ?? question.unknown };
      const about = ticks.has(photos[photo].sha256) ? question.ticked : says[given];
      if (about) add(photo, about);
    }
  }
  return JSON.stringify({ ...earlier, photos: answers }, null, 1);
}

function save() {
  const address = URL.createObjectURL(new Blob([answersFile()], { type: "application/json" }));
  make("a", { href: address, download: say("save_file") }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
  saved = true;
}

// --- bursts ---

function drawBursts() {
  if (!by("bursts")) return;
  by("bursts").replaceChildren(...bursts.slice(0, shownBursts).map((burst) => {
    const free = burst.best.every((photo) => photo == null);
    return make("li", {}, make("div", { className: "ask" }, make("b", { textContent: counted(burst.photos.length, "photo", "photos") })),
      strip(burst.photos, burst.best), free ? make("p", { className: "reject" }, say("use_none")) : null);
  }));
  more("more-bursts", bursts.length - shownBursts);
}

const tile = (photo, among, seen) => make("button", { type: "button", className: "open", on: () => show(photo, among) },
  seen, make("span", { className: "name", textContent: photos[photo] ? base(photos[photo]) : "", title: photos[photo]?.file ?? "" }));

function strip(numbers, best) {
  const shown = numbers.filter((photo, place) => place < IN_STRIP || best.includes(photo));
  const list = make("ul", { className: "strip" }, ...shown.map((photo) => {
    const where = best.flatMap((chosen, index) => chosen === photo ? [channel(index)] : []);
    const everywhere = where.length === best.length;
    return make("li", { className: where.length ? "best" : "" },
      tile(photo, numbers, picture(photos[photo])),
      where.length ? make("span", { className: "use", textContent: say("use_this") + (everywhere ? "" : `: ${where.join(", ")}`) }) : null);
  }));
  if (numbers.length > shown.length) list.append(make("li", { className: "name", textContent: `+ ${number(numbers.length - shown.length)}` }));
  return list;
}

function more(id, remaining) {
  by(id).hidden = remaining <= 0;
  by(id).textContent = `${say("show_more")} (${number(Math.max(remaining, 0))})`;
}

// --- the photos ---

function fits(photo, index) {
  if (choice.text && !photo.plain.includes(choice.text)) return false;
  if (choice.outcomes.some((outcome, where) => outcome && photo.verdicts[where][0] !== outcome)) return false;
  if (choice.rule && !photo.verdicts.some((verdict) => verdict[2].some(([reason]) => data.reasons[reason][0] === choice.rule))) return false;
  if (choice.failure != null && photo.failure !== choice.failure) return false;
  if (choice.among && !choice.among.has(index)) return false;
  if (choice.show === "with_question") return asking.has(index);
  if (choice.show === "not_judged") return photo.failure != null;
  if (choice.show === "in_burst") return inBurst.has(index);
  if (choice.show === "can_be_cropped") return photo.crops != null;
  return true;
}

function readForm() {
  const form = by("filter").elements;
  choice = {
    ...choice, text: plain(form.text.value.trim()), rule: form.rule.value, show: form.show.value,
    outcomes: data.channels.map((_, index) => form[`channel-${index}`].value),
  };
}

// Show other photos: what the form says, and perhaps those of a question, or that failed in one way.
function choose({ question = null, failure = null }) {
  by("filter").reset();
  choice = { question, failure, among: question == null ? null : new Set(questions[question].photos) };
  readForm();
  search();
  by("photos").focus();
  by("photos").scrollIntoView();
}

function search() {
  first = 0;
  matching = [];
  photos.forEach((photo, index) => fits(photo, index) && matching.push(index));
  drawSheet();
}

function drawSheet() {
  const { question, failure } = choice;
  by("chosen").hidden = question == null && failure == null;
  if (!by("chosen").hidden) by("chosen").replaceChildren(
    make("b", { textContent: question != null ? about(questions[question]) : reasonOf(failure) }),
    make("button", { type: "button", textContent: say("clear"), on: () => choose({}) }));
  by("sheet").replaceChildren(...matching.slice(first, first + PER_PAGE).map(card));
  drawPager();
}

function drawPager() {
  const last = Math.min(first + PER_PAGE, matching.length);
  const unloaded = data.photos - photos.length;
  by("found").textContent = (matching.length ? `${counted(matching.length, "photo", "photos")}` : unloaded ? "" : say("none_found")) + (unloaded ? ` · ${say("loading")}` : "");
  by("pager").hidden = matching.length <= PER_PAGE;
  by("page").textContent = `${number(first + 1)}–${number(last)} ${say("of")} ${number(matching.length)}`;
  by("previous").disabled = !first;
  by("next").disabled = last >= matching.length;
}

function turn(pages) {
  first += pages * PER_PAGE;
  drawSheet();
  by("photos").focus();
  by("photos").scrollIntoView();
}

function card(index) {
  const photo = photos[index], folder = photo.file.slice(0, -base(photo).length);
  const { question } = choice;
  const box = question != null ? make("input", { type: "checkbox", checked: marks(question).has(index) }) : null;
  box?.addEventListener("change", () => tick(question, index, box.checked));
  return make("li", {},
    make("button", { type: "button", className: "open", dataset: { photo: index }, on: () => show(index, matching) },
      question == null ? picture(photo) : outlined(photo, facesOf(questions[question], index)),
      make("span", { className: "name" }, base(photo), folder ? make("small", { textContent: folder }) : null)),
    photo.failure != null ? make("p", { className: "verdicts reject" }, sign(), reasonOf(photo.failure))
      : make("ul", { className: "verdicts" }, ...photo.verdicts.map(([outcome], where) => make("li", { className: outcome }, sign(), `${channel(where)}: ${say(outcome)}`))),
    cropTick(index),
    box && make("label", { className: "except" }, box, say(questions[question].ticked ? "except_is_harmful" : "except")));
}

const reasonOf = (failure) => data.failures[failure][+english];

// --- one photo ---

function show(index, among) {
  open = { index, among };
  drawDetail();
  if (!by("detail").open) by("detail").showModal();
}

function step(places) {
  const next = open.among[open.among.indexOf(open.index) + places];
  if (next != null && photos[next]) show(next, open.among);
}

function drawDetail() {
  const { index, among } = open, photo = photos[index], place = among.indexOf(index);
  if (!photo) return;
  const facts = [photo.taken?.replace("T", " "), photo.groups.join(", "), photo.scene && say(photo.scene), photo.faces.length ? counted(photo.faces.length, "face", "faces") : null];
  const go = (id, text, way, off) => make("button", { type: "button", textContent: text, disabled: off, dataset: { go: id }, on: () => { step(way); by("detail").querySelector(`[data-go="${id}"]`).focus(); } });
  const tiles = photo.verdicts.map(([outcome, address, reasons], where) => make("section", {},
    make("h3", { textContent: channel(where) }),
    address ? make("a", { className: "picture", href: address, target: "_blank", rel: "noopener" }, make("img", { src: address, alt: say("new_photo", { file: photo.file, channel: channel(where) }) }))
      : make("span", { className: "picture none", textContent: say("no_photo") }),
    make("p", { className: `verdict ${outcome}` }, sign(), say(outcome)),
    make("ul", { className: "reasons" }, ...reasons.map(([reason, faces]) => {
      const [rule, nl, en] = data.reasons[reason];
      return make("li", {}, `${english ? en : nl} `, make("code", { textContent: [rule, ...few(faces)].join(" ") }));
    }))));
  const itsQuestions = asking.get(index) ?? [];
  by("detail").replaceChildren(
    make("div", { className: "bar-top" },
      make("h2", { id: "detail-title", className: "file" }, photo.file, make("small", { textContent: facts.filter(Boolean).join(" · ") })),
      make("div", { className: "acts" }, go("previous", "←", -1, place <= 0), go("next", "→", 1, place >= among.length - 1),
        make("button", { type: "button", textContent: say("close"), on: () => by("detail").close() }))),
    ...(photo.failure != null ? [make("p", { className: "note", textContent: reasonOf(photo.failure) })] : []),
    make("div", { className: "tiles" }, make("section", {}, make("h3", { textContent: say("before") }), marked(photo)), ...tiles),
    ...(photo.crops ? [make("div", { className: "asking" }, cropTick(index))] : []),
    ...(itsQuestions.length ? [make("div", { className: "asking" }, make("ul", {}, ...itsQuestions.map((question) => make("li", {}, about(questions[question]), questions[question].kind === "any_of_these" ? null : ofFaces(questions[question].faces[index]), holds(question, index) ? ` – ${say("answered")}` : null))))] : []));
  const [before, after] = by("detail").querySelectorAll("[data-go]");
  before.setAttribute("aria-label", say("previous"));
  after.setAttribute("aria-label", say("next"));
}

// --- loading, language, and what is pressed ---

function option(value, text) { return make("option", { value, textContent: text }); }

function fillForm() {
  const form = by("filter").elements;
  const fill = (select, options) => { const { value } = select; select.replaceChildren(...options); select.value = value; };
  data.channels.forEach((_, index) => fill(form[`channel-${index}`], [option("", say("any")), ...OUTCOMES.map((outcome) => option(outcome, say(outcome)))]));
  const sentence = (rule) => { const text = data.reasons.find(([id]) => id === rule)[1 + english]; return text.length > 60 ? `${text.slice(0, 58)}…` : text; };
  fill(form.rule, [option("", say("any_rule")), ...data.rules.map(([rule, times]) => option(rule, `${rule} (${number(times)}) ${sentence(rule)}`))]);
  fill(form.show, [option("", say("any")), ...["with_question", "not_judged", "in_burst", "can_be_cropped"].map((kind) => option(kind, say(kind)))]);
}

// Draw anew after a change; what had the focus keeps it.
function refresh(focus) {
  drawQuestions();
  drawBursts();
  drawSheet();
  drawAnswers();
  if (by("detail").open) drawDetail();
  if (focus) document.querySelector(focus)?.focus();
}

const receive = {
  questions(found) {
    questions.push(...found);
    // Not the one that is asked once, of everything that may go out: that leaves no photo without a question.
    questions.forEach((question, index) => question.ticked || question.photos.forEach((photo) => asking.set(photo, [...(asking.get(photo) ?? []), index])));
    drawQuestions();
  },
  bursts(found) {
    bursts.push(...found);
    bursts.forEach((burst, index) => burst.photos.forEach((photo) => inBurst.set(photo, index)));
    drawBursts();
  },
  answers(found) { earlier = found; },
  photos(found) {
    for (const photo of found) {
      photo.plain = plain(photo.file);
      photos.push(photo);
      if (fits(photo, photos.length - 1)) matching.push(photos.length - 1);
    }
    if (by("sheet").childElementCount < PER_PAGE) drawSheet();
    else drawPager();
  },
};
window.fotopoort = (name, content) => receive[name.split("-")[0]](content);

const load = (name) => new Promise((done, failed) => {
  document.head.append(make("script", { src: `report/${data.stamp}-${name}.js`, onload: done, onerror: failed }));
});

async function loadAll() {
  const parts = Array.from({ length: data.files }, (_, index) => `photos-${index}`);
  try {
    for (const name of [...parts.slice(0, 1), "bursts", "questions", "answers", ...parts.slice(1)]) await load(name);
    loadedAll = true;
    drawQuestions();
    drawBursts();
    drawAnswers();
  } catch { by("gone").hidden = false; }
}

by("language").hidden = by("filter").hidden = false;
by("language").addEventListener("click", () => {
  english = page.classList.toggle("en");
  page.classList.toggle("nl", !english);
  page.lang = english ? "en" : "nl";
  fillForm();
  refresh();
});
by("filter").addEventListener("input", () => { readForm(); search(); });
by("filter").addEventListener("submit", (event) => event.preventDefault());
by("clear").addEventListener("click", () => choose({}));
by("unjudged")?.addEventListener("click", ({ target }) => { const button = target.closest("[data-failure]"); if (button) choose({ failure: +button.dataset.failure }); });
by("more-questions")?.addEventListener("click", () => { shownQuestions += 4 * FEW; drawQuestions(); });
by("more-bursts")?.addEventListener("click", () => { shownBursts += 4 * FEW; drawBursts(); });
by("previous").addEventListener("click", () => turn(-1));
by("next").addEventListener("click", () => turn(1));
by("save").addEventListener("click", save);
by("detail").addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") step(1);
  if (event.key === "ArrowLeft") step(-1);
});
window.addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });

fillForm();
readForm();
loadAll();
})();
