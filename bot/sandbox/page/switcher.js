// Where to? Ctrl+K: a few letters of a channel or a person, and Enter.

import { el, fill } from "./element.js";
import { channelTitle, directMessage, workspace } from "./workspace.js";

/** Opens the box. `go(channelId)` and `become(personId)` do what was chosen. */
export function openSwitcher({ go, become }) {
  const places = [...new Map([...workspace.channels.values(), directMessage()].map((channel) => [channel.id, channel])).values()].map((channel) => ({
    text: channel.kind === "dm" ? channelTitle(channel) : `#${channelTitle(channel)}`, note: channel.kind === "dm" ? "direct message" : "channel", choose: () => go(channel.id),
  }));
  const people = [...workspace.people.values()].filter((who) => !who.is_bot && who.id !== workspace.me.id)
    .map((who) => ({ text: `Be ${who.name}`, note: who.team_name, choose: () => become(who.id) }));
  const all = [...places, ...people];
  let found = all;
  let at = 0;
  const field = el("input", { class: "switcher-field", type: "text", placeholder: "Go to a channel, or be somebody", role: "combobox", "aria-label": "Go to a channel, or be somebody", "aria-expanded": "true", "aria-controls": "switcher-list", autocomplete: "off" });
  const list = el("ul", { class: "switcher-list", id: "switcher-list", role: "listbox", "aria-label": "Places and people" });
  const dialog = el("dialog", { class: "modal switcher", "aria-label": "Go to" }, field, list);
  const end = () => {
    dialog.close();
    dialog.remove();
  };
  const take = (one) => {
    end();
    one?.choose();
  };
  const draw = () => {
    fill(list, found.map((one, index) => el("li", { class: "offer", id: `switch-${index}`, role: "option", "aria-selected": String(index === at), on: { click: () => take(one) } },
      el("strong", {}, one.text), el("small", {}, one.note))));
    if (found.length) field.setAttribute("aria-activedescendant", `switch-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  field.addEventListener("input", () => {
    const typed = field.value.trim().toLowerCase();
    found = all.filter((one) => one.text.toLowerCase().includes(typed));
    at = 0;
    draw();
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      at = (at + step + found.length) % found.length;
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(found[at]);
    }
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    end();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) end();
  });
  document.body.append(dialog);
  dialog.showModal();
  draw();
}
