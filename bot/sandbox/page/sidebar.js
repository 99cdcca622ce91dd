// Where can this person go? Channels, shared ones marked, and the direct message with the app, with what is unread.

import { avatar } from "./avatar.js";
import { el, fill, icon } from "./element.js";
import { channelTitle, directMessage, guests, isCustomer, workspace } from "./workspace.js";

function entry(channel, current, go) {
  const isHere = channel.id === current;
  const isDirect = channel.kind === "dm";
  const title = channelTitle(channel);
  const unread = isHere ? 0 : channel.unread ?? 0;
  const others = channel.shared ? guests(channel).join(", ") : "";
  return el("li", {}, el("button", {
    class: `entry${unread ? " entry-unread" : ""}`, type: "button", "aria-current": isHere ? "page" : null, dataset: { channel: channel.id },
    "aria-label": `${isDirect ? "Direct message with " : ""}${title}${others ? `, shared with ${others}` : ""}${unread ? `, ${unread} unread` : ""}`,
    on: { click: () => go(channel.id) },
  },
  isDirect ? avatar(channel.with ?? workspace.bot, title, "avatar-small") : icon("hash"),
  el("span", { class: "entry-name" }, title),
  others && el("span", { class: "entry-shared", title: `Shared with ${others}` }, icon("link")),
  unread > 0 && el("span", { class: `badge${isDirect ? " badge-strong" : ""}` }, unread > 99 ? "99+" : unread)));
}

export function drawSidebar(node, { current, go, search }) {
  const all = [...workspace.channels.values()];
  const channels = all.filter((channel) => channel.kind !== "dm").sort((one, other) => one.name.localeCompare(other.name));
  const direct = directMessage();
  const others = all.filter((channel) => channel.kind === "dm" && channel.id !== direct.id);
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
  fill(node,
    el("div", { class: "side-head" },
      el("strong", {}, workspace.me.team_name ?? "Workspace"),
      el("span", {}, isCustomer() ? "a customer’s workspace" : "the support desk")),
    el("button", { class: "side-search", type: "button", on: { click: search } }, icon("search"), "Go to…", el("kbd", {}, "Ctrl K")),
    el("h2", { class: "side-title" }, "Channels"),
    el("ul", { class: "entries" }, channels.map((channel) => entry(channel, current, go))),
    others.length > 0 && el("h2", { class: "side-title" }, "Direct messages"),
    others.length > 0 && el("ul", { class: "entries" }, others.map((channel) => entry(channel, current, go))),
    el("h2", { class: "side-title" }, "Apps"),
    el("ul", { class: "entries" }, entry(direct, current === "@bot" ? direct.id : current, go)));
  if (focused) node.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
}

/** The sum of what is unread elsewhere, for the window's title. */
export const unreadElsewhere = (current) =>
  [...workspace.channels.values()].reduce((sum, channel) => sum + (channel.id === current ? 0 : channel.unread ?? 0), 0);
