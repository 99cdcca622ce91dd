// Which messages are on the screen? A window over the history, redrawn at most once a frame, however many arrive.

import { el, fill } from "./element.js";
import { messageNode } from "./message.js";
import { dayName, fromTs } from "./moments.js";
import { now } from "./workspace.js";

const WINDOW = 100; // nodes on the screen; more only while the viewer reads upward
const SPARE = 50; // so many more before the oldest go, all at once: what stands above moves all that stands below
const REST_MS = 150; // between two drawings, so that a flood leaves room for clicks; a single message comes at once
const STEP = 100;
const KEPT = 2000; // messages in memory, so that a window may stay open for days
const GROUP_MS = 5 * 60_000;
const NEAR_END = 80;
const FOUND_FOR_MS = 2500;
const LONGEST_PRESS_MS = 5000; // a release that is never heard holds nothing up for longer

const keyOf = (message) => `${message.ts}${message.ephemeral_to ? "e" : ""}`;

const dayOf = (message) => Math.floor(Number.parseFloat(message.ts) / 86_400); // in UTC, as all moments here

const follows = (message, before) =>
  before !== undefined && !message.blocks?.length && before.user === message.user && before.name === message.name && !before.deleted
  && Boolean(before.ephemeral_to) === Boolean(message.ephemeral_to)
  && (message.ts - before.ts) * 1000 < GROUP_MS && dayOf(message) === dayOf(before);

export class MessageList {
  /** `belongs(message)` says what this list shows; `hooks` go to each message. */
  constructor(box, { hooks, belongs, empty, follow = true }) {
    Object.assign(this, { box, hooks, belongs, empty, follow });
    this.list = el("div", { class: "message-list" });
    this.jump = el("button", { class: "jump", type: "button", hidden: true, on: { click: () => this.toEnd() } });
    fill(box, this.list, this.jump);
    box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    box.addEventListener("pointerdown", () => this.hold(), { passive: true });
    // A pane beside or a late image changes the height without a scroll; who was at the end stays there.
    const sized = new ResizeObserver(() => {
      if (this.sticks && this.follow) box.scrollTop = box.scrollHeight;
    });
    sized.observe(box);
    sized.observe(this.list);
    this.reset([]);
  }

  /** Until reset() brings the history, what is heard is noted and said again after it. */
  expect() {
    this.heard = [];
  }

  reset(messages) {
    this.messages = messages.filter((message) => this.belongs(message) && (!message.deleted || message.reply_count));
    this.nodes = new Map();
    this.first = Math.max(0, this.messages.length - WINDOW);
    this.last = this.messages.length;
    this.sticks = true;
    this.list.replaceChildren();
    const heard = this.heard ?? [];
    this.heard = null;
    for (const again of heard) again();
    this.draw();
  }

  find(ts) {
    return this.messages.findLast((message) => message.ts === ts) ?? null;
  }

  /** A new message; `true` where it belongs here and was not known. */
  add(message) {
    this.heard?.push(() => this.add(message));
    if (!this.belongs(message)) return false;
    const key = keyOf(message);
    let at = this.messages.length;
    while (at > 0 && this.messages[at - 1].ts > message.ts) at -= 1;
    if (at > 0 && keyOf(this.messages[at - 1]) === key) return false;
    this.messages.splice(at, 0, message);
    if (at < this.first) this.first += 1;
    if (this.sticks || this.last - this.first < WINDOW * 3) this.last += 1;
    this.later();
    return true;
  }

  /** What a known message became; false where it is not known. */
  change(message) {
    this.heard?.push(() => this.change(message));
    const at = this.messages.findLastIndex((known) => keyOf(known) === keyOf(message));
    if (at < 0) return false;
    this.messages[at] = { ...this.messages[at], ...message };
    this.nodes.delete(keyOf(message));
    this.later();
    return true;
  }

  remove(message) {
    this.heard?.push(() => this.remove(message));
    const at = this.messages.findLastIndex((known) => known.ts === message.ts);
    if (at < 0) return;
    if (this.messages[at].reply_count) {
      this.change({ ...this.messages[at], deleted: true, text: "", blocks: [] });
      return;
    }
    this.messages.splice(at, 1);
    if (at < this.first) this.first -= 1;
    if (at < this.last) this.last -= 1;
    this.later();
  }

  /** Redraws everything in sight, e.g. because the day turned. */
  refresh() {
    this.nodes.clear();
    this.later();
  }

  later() {
    if (this.waiting) return;
    this.waiting = true;
    const drawn = () => {
      if (this.pressed) {
        this.pressed.then(drawn);
        return;
      }
      this.waiting = false;
      this.draw();
    };
    const rest = (this.drawnAt ?? -REST_MS) + REST_MS - performance.now();
    // A hidden window gets no frames; its list must still keep its bounds.
    if (document.hidden || rest > 0) setTimeout(drawn, Math.max(rest, document.hidden ? 200 : 0));
    else requestAnimationFrame(drawn);
  }

  /** Holds still from press to release: where a button is made anew in between, its click is lost. */
  hold() {
    const ends = new AbortController();
    const released = new Promise((resolve) => {
      for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => setTimeout(resolve), { signal: ends.signal });
      setTimeout(resolve, LONGEST_PRESS_MS);
    });
    this.pressed = released.then(() => {
      ends.abort();
      this.pressed = null;
    });
  }

  draw() {
    if (this.sticks) {
      if (this.messages.length > KEPT + STEP) this.messages.splice(0, this.messages.length - KEPT);
      this.last = this.messages.length;
      this.first = Math.min(this.first, Math.max(0, this.last - WINDOW));
      if (this.last - this.first > WINDOW + SPARE) this.first = this.last - WINDOW;
    }
    const wanted = this.wanted();
    const focus = this.focusPlace();
    const keep = new Set(wanted);
    for (const child of [...this.list.children]) if (!keep.has(child)) child.remove();
    let place = this.list.firstChild;
    for (const node of wanted) {
      if (node === place) place = place.nextSibling;
      else this.list.insertBefore(node, place);
    }
    this.drawnAt = performance.now();
    this.restoreFocus(focus);
    if (this.sticks && this.follow) this.box.scrollTop = this.box.scrollHeight;
    this.showJump();
  }

  wanted() {
    const shown = this.messages.slice(this.first, this.last);
    const nodes = [];
    const known = new Map();
    let day = null;
    if (this.first > 0) nodes.push(this.earlier ??= el("button", { class: "earlier", type: "button", on: { click: () => this.more() } }, "Earlier messages"));
    if (!shown.length && this.empty) nodes.push(this.empty());
    for (const [index, message] of shown.entries()) {
      const key = keyOf(message);
      const before = shown[index - 1];
      const newDay = dayOf(message) !== day;
      if (newDay) {
        day = dayOf(message);
        nodes.push(this.divider(day, dayName(fromTs(message.ts), now())));
      }
      const grouped = !newDay && follows(message, before);
      const held = this.nodes.get(key);
      const entry = held?.grouped === grouped ? held : { grouped, node: messageNode(message, { grouped, hooks: this.hooks }) };
      known.set(key, entry);
      nodes.push(entry.node);
    }
    this.nodes = known;
    return nodes;
  }

  divider(day, name) {
    this.dividers ??= new Map();
    const key = `${day}${name}`;
    if (!this.dividers.has(key)) this.dividers.set(key, el("div", { class: "day", role: "separator", "aria-label": name }, el("span", {}, name)));
    return this.dividers.get(key);
  }

  focusPlace() {
    const node = document.activeElement?.closest?.(".message");
    if (!node || !this.list.contains(node)) return null;
    return { ts: node.dataset.ts, index: [...node.querySelectorAll("button, a, input, select, textarea")].indexOf(document.activeElement) };
  }

  restoreFocus(focus) {
    if (!focus || this.list.contains(document.activeElement)) return;
    const node = this.list.querySelector(`[data-ts="${CSS.escape(focus.ts)}"]`);
    const controls = node ? [...node.querySelectorAll("button, a, input, select, textarea")] : [];
    (controls[Math.min(focus.index, controls.length - 1)] ?? this.box).focus({ preventScroll: true });
  }

  more() {
    const before = this.box.scrollHeight - this.box.scrollTop;
    this.sticks = false;
    this.first = Math.max(0, this.first - STEP);
    this.draw();
    this.box.scrollTop = this.box.scrollHeight - before;
  }

  toEnd() {
    this.sticks = true;
    this.first = Math.max(0, this.messages.length - WINDOW);
    this.draw();
    this.box.scrollTop = this.box.scrollHeight;
  }

  scrolled() {
    const atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_END;
    this.sticks = atEnd && this.last === this.messages.length;
    if (this.box.scrollTop < 40 && this.first > 0 && !atEnd) this.more();
    this.showJump();
  }

  /** Brings a message into sight and marks it for a moment; nothing where it is not here. */
  reveal(ts) {
    const at = this.messages.findIndex((message) => message.ts === ts);
    if (at < 0) return;
    this.sticks = false;
    this.first = Math.min(this.first, Math.max(0, at - STEP / 2));
    this.draw();
    const node = this.list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    node.scrollIntoView({ block: "center" });
    node.classList.add("message-found");
    setTimeout(() => node.classList.remove("message-found"), FOUND_FOR_MS);
  }

  showJump() {
    const unseen = this.messages.length - this.last;
    this.jump.hidden = this.sticks;
    this.jump.textContent = unseen > 0 ? `${unseen} more below ↓` : "To the newest ↓";
  }
}
