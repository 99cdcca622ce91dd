// What does the person write? A message or a command, completed while typing; Enter sends, Shift+Enter breaks the line.

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { el, fill, freshId, icon } from "./element.js";
import { attempt } from "./toast.js";
import { isCustomer, person, workspace } from "./workspace.js";

const MOST_OFFERED = 8;

function commandOffers(text) {
  if (!/^\/\S*$/.test(text) || isCustomer()) return [];
  return workspace.commands.filter((command) => command.command.startsWith(text)).map((command) => ({
    start: 0, insert: `${command.command} `, shown: [el("strong", {}, command.command), el("span", {}, command.usage_hint), el("small", {}, command.description)],
  }));
}

function mentionOffers(text, caret, members) {
  const found = /(^|\s)@([\p{L}\p{N}._-]*)$/u.exec(text.slice(0, caret));
  if (!found) return [];
  const typed = found[2].toLowerCase();
  const start = caret - found[2].length - 1;
  return members.map(person).filter((who) => who && who.id !== workspace.me.id)
    .filter((who) => who.name.toLowerCase().startsWith(typed) || (who.handle ?? "").startsWith(typed))
    .sort((one, other) => Number(other.is_bot) - Number(one.is_bot))
    .map((who) => ({ start, insert: `@${who.is_bot ? who.name : who.handle} `, shown: [avatar(who.id, who.name, "avatar-small"), el("strong", {}, who.name), el("small", {}, who.is_bot ? "app" : who.team_name)] }));
}

export class Composer {
  /** `place()` gives {channel, members, thread, label}; members null where nobody can write. */
  constructor(box, place) {
    this.place = place;
    this.offers = [];
    this.chosen = 0;
    const listId = freshId("offers");
    this.popup = el("ul", { class: "offers", id: listId, role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.area = el("textarea", {
      class: "composer-area", rows: 1, role: "combobox", "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list",
    });
    this.sendButton = el("button", { class: "composer-send", type: "button", "aria-label": "Send", title: "Send (Enter)", on: { click: () => this.send() } }, icon("send"));
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("blur", () => this.offer([]));
    fill(box, this.popup, el("div", { class: "composer-box" }, this.area, this.sendButton),
      el("p", { class: "composer-note" }, el("kbd", {}, "Enter"), " sends, ", el("kbd", {}, "Shift Enter"), " breaks the line, ", el("kbd", {}, "/"), " commands, ", el("kbd", {}, "@"), " people"));
    this.relabel();
  }

  relabel() {
    const { label } = this.place();
    this.area.placeholder = label;
    this.area.setAttribute("aria-label", label);
  }

  /** Keeps what is written under one key and brings back what was written under another. */
  swap(from, to) {
    this.drafts ??= new Map();
    this.drafts.set(from, this.area.value);
    this.area.value = this.drafts.get(to) ?? "";
    this.typed();
    this.offer([]);
  }

  put(text) {
    this.area.value = text;
    this.typed();
    this.area.focus();
  }

  typed() {
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight, 200)}px`;
    const { value, selectionStart } = this.area;
    const commands = commandOffers(value);
    this.offer((commands.length ? commands : mentionOffers(value, selectionStart, this.place().members ?? [])).slice(0, MOST_OFFERED));
  }

  offer(offers) {
    this.offers = offers;
    this.chosen = 0;
    this.popup.hidden = offers.length === 0;
    this.area.setAttribute("aria-expanded", String(offers.length > 0));
    fill(this.popup, offers.map((one, index) => el("li", { class: "offer", id: `${this.popup.id}-${index}`, role: "option", on: { pointerdown: (event) => {
      event.preventDefault();
      this.take(index);
    } } }, one.shown)));
    this.mark();
  }

  mark() {
    for (const [index, item] of [...this.popup.children].entries()) item.setAttribute("aria-selected", String(index === this.chosen));
    if (this.offers.length) this.area.setAttribute("aria-activedescendant", `${this.popup.id}-${this.chosen}`);
    else this.area.removeAttribute("aria-activedescendant");
  }

  take(index) {
    const { start, insert } = this.offers[index];
    const { value, selectionStart } = this.area;
    this.area.value = value.slice(0, start) + insert + value.slice(selectionStart);
    this.area.selectionStart = this.area.selectionEnd = start + insert.length;
    this.offer([]);
    this.area.focus();
  }

  key(event) {
    if (event.isComposing) return;
    if (this.offers.length) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        this.chosen = (this.chosen + step + this.offers.length) % this.offers.length;
        this.mark();
        return;
      }
      const isWhole = this.offers.some((one) => one.insert.trim() === this.area.value.trim());
      if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !isWhole)) {
        event.preventDefault();
        this.take(this.chosen);
        return;
      }
      if (event.key === "Escape") {
        event.stopPropagation();
        this.offer([]);
        return;
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  async send() {
    const text = this.area.value.trim();
    if (!text) return;
    const { channel, thread } = this.place();
    this.area.value = "";
    this.typed();
    const body = text.startsWith("/") && !text.startsWith("//")
      ? { command: text }
      : { post: text, ...(thread ? { thread } : {}) };
    if (body.command && thread) body.thread = thread;
    const sent = await attempt(() => post("/act", { as: workspace.me.id, channel, wait: false, ...body }));
    if (!sent && !this.area.value) this.put(text); // nothing that was written is lost
  }
}
