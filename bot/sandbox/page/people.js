// Who are you? Everybody of the workspace, one click away; each window may be somebody else.

import { avatar } from "./avatar.js";
import { el, fill, icon } from "./element.js";
import { isCustomer, workspace } from "./workspace.js";

function toggleTheme() {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("watchbell.theme", next);
  } catch {
    // storage may be forbidden; the choice then lasts as long as the page
  }
}

function seat(who, become) {
  const isMe = who.id === workspace.me.id;
  return el("a", {
    class: "seat", href: `?as=${encodeURIComponent(who.id)}`, "aria-current": isMe ? "true" : null, title: `Be ${who.name}, ${who.team_name}`,
    "aria-label": `Be ${who.name}, ${who.team_name}`, dataset: { person: who.id },
    on: { click: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new window of its own, as with any link
      event.preventDefault();
      become(who.id);
    } },
  }, avatar(who.id, who.name, "avatar-seat"), el("span", { class: "seat-name" }, who.name.split(" ")[0]));
}

export function drawPeople(node, become) {
  const { me } = workspace;
  const everybody = [...workspace.people.values()].filter((who) => !who.is_bot);
  const teams = [...new Set(everybody.map((who) => who.team))];
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.person : null;
  fill(node,
    el("div", { class: "brand" }, el("span", { class: "brand-bell" }, icon("bell")), el("span", { class: "brand-name" }, "Watchbell")),
    el("p", { class: "you" }, "You are ", el("strong", {}, me.name), el("span", { class: "you-team" }, ` — ${me.team_name}${isCustomer() ? ", a customer" : ""}`)),
    el("div", { class: "seats", role: "group", "aria-label": "Be somebody else" },
      teams.map((team) => el("div", { class: "seat-team" },
        el("span", { class: "seat-team-name" }, everybody.find((who) => who.team === team).team_name),
        everybody.filter((who) => who.team === team).map((who) => seat(who, become))))),
    el("button", { class: "stage-button stage-icon", type: "button", "aria-label": "Light or dark", title: "Light or dark", on: { click: toggleTheme } }, icon("sun")));
  if (focused) node.querySelector(`[data-person="${CSS.escape(focused)}"]`)?.focus();
  node.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
