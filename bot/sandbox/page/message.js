// What does one message look like, and what can be done with it?

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { blocks } from "./blocks.js";
import { el, icon } from "./element.js";
import { PICKER, picture } from "./emoji.js";
import { menu, popover } from "./menu.js";
import { fromTs, full, time } from "./moments.js";
import { mrkdwn, words } from "./mrkdwn.js";
import { surface } from "./surface.js";
import { attempt } from "./toast.js";
import { guests, channel, homeTeam, isCustomer, person, workspace } from "./workspace.js";

const act = (message, body) => attempt(() =>
  post("/act", { as: workspace.me.id, channel: message.channel, ts: message.ts, wait: false, ...body }));

const hasMine = (reaction) => reaction.users.includes(workspace.me.id);

const toggle = (message, name) => {
  const had = (message.reactions ?? []).some((reaction) => reaction.name === name && hasMine(reaction));
  return act(message, { [had ? "unreact" : "react"]: name });
};

function pick(anchor, message) {
  const panel = el("div", { class: "popover picker", role: "group", "aria-label": "Pick a reaction" });
  const end = popover(anchor, panel);
  panel.append(...PICKER.map((name) =>
    el("button", { class: "picker-item", type: "button", "aria-label": name.replaceAll("_", " "), title: `:${name}:`, on: { click: () => {
      end();
      toggle(message, name);
    } } }, picture(name))));
  panel.querySelector("button").focus();
}

function reactionRow(message) {
  if (!message.reactions?.length) return null;
  const chips = message.reactions.map((reaction) => {
    const who = reaction.users.map((id) => person(id)?.name ?? id).join(", ");
    return el("button", {
      class: "reaction", type: "button", "aria-pressed": hasMine(reaction) ? "true" : "false",
      "aria-label": `${reaction.name.replaceAll("_", " ")}, ${reaction.users.length}, by ${who}`, title: `${who} reacted with :${reaction.name}:`,
      on: { click: () => toggle(message, reaction.name) },
    }, el("span", {}, picture(reaction.name) ?? `:${reaction.name}:`), el("span", { class: "reaction-count" }, reaction.users.length));
  });
  const add = el("button", { class: "reaction reaction-add", type: "button", "aria-label": "Add a reaction", on: { click: () => pick(add, message) } }, icon("smile"));
  return el("div", { class: "reactions" }, chips, add);
}

function edit(message, node) {
  const body = node.querySelector(".message-body");
  const area = el("textarea", { class: "message-edit", "aria-label": "Edit the message", rows: 2, value: message.text });
  const before = [...body.childNodes];
  const back = () => body.replaceChildren(...before);
  const save = async () => {
    if (await act(message, { edit: area.value })) back();
  };
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      back();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  });
  body.replaceChildren(area, el("div", { class: "message-edit-foot" },
    el("button", { class: "button", type: "button", on: { click: back } }, "Cancel"),
    el("button", { class: "button button-primary", type: "button", on: { click: save } }, "Save")));
  area.focus();
}

function choicesFor(message, node) {
  const shortcuts = isCustomer() ? [] : workspace.shortcuts.map((shortcut) => ({
    label: shortcut.name, choose: () => act(message, { shortcut: shortcut.name }),
  }));
  if (message.user !== workspace.me.id) return shortcuts;
  return [
    ...shortcuts,
    { label: "Edit message", choose: () => edit(message, node) },
    { label: "Delete message", danger: true, choose: () => act(message, { delete: message.ts }) },
  ];
}

function hoverBar(message, node, hooks) {
  const button = (name, shape, click) => {
    const made = el("button", { class: "hover-button", type: "button", "aria-label": name, title: name }, icon(shape));
    made.addEventListener("click", () => click(made));
    return made;
  };
  const choices = choicesFor(message, node);
  return el("div", { class: "hover-bar", role: "toolbar", "aria-label": "Message actions" },
    button("Add a reaction", "smile", (anchor) => pick(anchor, message)),
    hooks.openThread && button("Reply in thread", "reply", () => hooks.openThread(message)),
    choices.length > 0 && button("More actions", "more", (anchor) => menu(anchor, choices)));
}

function threadLine(message, hooks) {
  if (!hooks.openThread || !message.reply_count) return null;
  const count = message.reply_count;
  return el("button", { class: "thread-line", type: "button", on: { click: () => hooks.openThread(message) } },
    el("strong", {}, count === 1 ? "1 reply" : `${count} replies`),
    message.latest_reply && el("span", { class: "thread-last" }, `last at ${time(fromTs(message.latest_reply))}`));
}

/** A reply that stands in the channel too says so, and leads to its thread. */
function fromThread(message, hooks) {
  if (!hooks.openThread || !message.broadcast || !message.thread_ts) return null;
  return el("button", { class: "thread-line", type: "button", on: { click: () => hooks.openThread(message) } }, "replied in a thread");
}

function badge(message) {
  if (message.user === workspace.bot) return el("span", { class: "tag" }, "APP");
  const who = person(message.user);
  const where = channel(message.channel);
  if (who && where?.shared && who.team !== homeTeam() && guests(where).length) return el("span", { class: "tag tag-guest" }, who.team_name);
  return null;
}

/** Where "(edited)" belongs: behind the last words, before any buttons, never on a line of its own. */
const lastWords = (drawn) => [...drawn.querySelectorAll(".section-text, .context > span, .markdown")].at(-1) ?? drawn;

function body(message) {
  if (message.deleted) return el("p", { class: "message-gone" }, "This message was deleted.");
  const edited = message.edited && el("span", { class: "edited" }, " (edited)");
  if (!message.blocks?.length) return el("div", { class: "message-text" }, mrkdwn(message.text), edited);
  const drawn = el("div", { class: "blocks" }, blocks(message.blocks, surface({ channel: message.channel, ts: message.ts })));
  if (edited) lastWords(drawn).append(edited);
  return drawn;
}

const files = (message) => (message.files ?? []).map((file) =>
  el("div", { class: "file" }, el("strong", {}, file.title ?? file.name ?? "file"), el("span", {}, file.name ?? file.mimetype ?? "")));

/** One message. `grouped`: it follows one of the same author. `hooks`: {openThread} where threads open from here. */
export function messageNode(message, { grouped, hooks }) {
  const at = fromTs(message.ts);
  const name = message.name ?? person(message.user)?.name ?? message.user;
  const only = message.ephemeral_to;
  const classes = ["message", grouped && "message-grouped", only && "message-only", message.deleted && "message-deleted"].filter(Boolean);
  const node = el("article", { class: classes.join(" "), dataset: { ts: message.ts }, "aria-label": `${name} at ${time(at)}: ${words(message.text).slice(0, 120)}` });
  const when = el("time", { class: "message-time", datetime: at.toISOString(), title: full(at) }, time(at));
  node.append(
    grouped ? el("div", { class: "message-gutter" }, when) : avatar(message.user, name),
    el("div", { class: "message-main" },
      only && el("div", { class: "only-you" }, "Only visible to you"),
      !grouped && el("div", { class: "message-head" }, el("strong", { class: "message-name" }, name), badge(message), when),
      el("div", { class: "message-body" }, body(message)),
      files(message),
      reactionRow(message),
      threadLine(message, hooks),
      fromThread(message, hooks)));
  if (!only && !message.deleted) node.append(hoverBar(message, node, hooks));
  return node;
}
