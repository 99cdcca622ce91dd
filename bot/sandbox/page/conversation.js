// What is being said here? The open channel: its heading, its messages, its composer, and the app's home beside them.

import { get, post } from "./api.js";
import { Composer } from "./composer.js";
import { el, fill, icon } from "./element.js";
import { drawHome, openHome } from "./home.js";
import { MessageList } from "./messages.js";
import { attempt } from "./toast.js";
import { botName, channel, channelTitle, guests, isCustomer, person, workspace } from "./workspace.js";

const READ_PAUSE_MS = 1500;

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

export class Conversation {
  constructor({ openThread, onMenu }) {
    this.heading = document.getElementById("heading");
    this.box = document.getElementById("messages");
    this.homeBox = document.getElementById("home");
    this.composerBox = document.getElementById("composer");
    this.onMenu = onMenu;
    this.id = null;
    this.tab = "messages";
    this.asked = 0;
    this.marking = new Set();
    this.marked = new Map();
    this.list = new MessageList(this.box, {
      hooks: { openThread }, belongs: (message) => !isReply(message) || message.ephemeral_to || message.broadcast,
      empty: () => el("p", { class: "empty" }, "Nothing has been said here yet."),
    });
    this.composer = new Composer(this.composerBox, () => this.place());
  }

  get channel() {
    return this.id ? channel(this.id) : null;
  }

  place() {
    const where = this.channel;
    if (!where) return { channel: null, members: [], label: "Message" };
    const isDirect = where.kind === "dm";
    const members = isDirect ? [workspace.me.id, workspace.bot] : where.members;
    return { channel: where.id, members, label: `Message ${isDirect ? "" : "#"}${channelTitle(where)}` };
  }

  /** Opens a channel; `tab` is "messages" or "home" (of the app). */
  async open(id, tab = "messages") {
    const draft = this.draft;
    this.id = channel(id)?.id ?? id;
    this.draft = `${workspace.me.id} ${this.id}`;
    if (draft !== this.draft) this.composer.swap(draft, this.draft);
    this.tab = tab;
    this.composer.relabel();
    this.drawHeading();
    this.list.reset([]);
    this.show();
    await this.load();
  }

  /** Reads the history again, e.g. after a break of the live link. */
  async load() {
    const where = this.channel;
    if (!where || where.id === "@bot") return;
    this.asked += 1;
    const ask = this.asked;
    this.list.expect();
    await attempt(async () => {
      const { messages } = await get("/page/history", { as: workspace.me.id, channel: where.id });
      if (ask !== this.asked) return; // another channel was opened meanwhile
      this.list.reset(messages);
      this.read();
    });
  }

  read() {
    const where = this.channel;
    if (!where || where.id === "@bot" || document.hidden) return;
    const reader = workspace.me.id;
    where.unread = 0;
    const key = `${reader} ${where.id}`;
    if (this.marking.has(key)) return;
    this.marking.add(key); // at once, and then one word to the workspace for a whole burst of messages
    const rest = (this.marked.get(key) ?? -READ_PAUSE_MS) + READ_PAUSE_MS - performance.now();
    setTimeout(() => {
      this.marking.delete(key);
      this.marked.set(key, performance.now());
      post("/page/read", { as: reader, channel: where.id }).catch(() => {
        // the badge is only for the eye; the next message tries again
      });
    }, Math.max(rest, 0));
  }

  show() {
    const isHome = this.tab === "home";
    this.homeBox.hidden = !isHome;
    this.box.hidden = isHome;
    this.composerBox.hidden = isHome;
    if (isHome) drawHome(this.homeBox);
  }

  choose(tab) {
    this.tab = tab;
    this.drawHeading();
    this.show();
    if (tab === "home") openHome();
    else this.list.toEnd();
  }

  drawHeading() {
    const where = this.channel;
    if (!where) return;
    const isDirect = where.kind === "dm";
    const others = where.shared ? guests(where) : [];
    const members = (where.members ?? []).map(person).filter(Boolean);
    const isBot = isDirect && (where.with ?? workspace.bot) === workspace.bot;
    const tab = (name, label) => el("button", { class: "tab", type: "button", "aria-pressed": String(this.tab === name), on: { click: () => this.choose(name) } }, label);
    this.box.setAttribute("aria-label", `Messages in ${isDirect ? "" : "#"}${channelTitle(where)}`);
    fill(this.heading, el("div", { class: "heading" },
      el("button", { class: "button button-icon button-quiet only-narrow", type: "button", "aria-label": "Channels", on: { click: this.onMenu } }, icon("menu")),
      el("h1", {}, !isDirect && icon("hash"), channelTitle(where)),
      others.length > 0 && el("span", { class: "shared", title: "Slack Connect: people of several workspaces" }, icon("link"), `Shared with ${isCustomer() ? person(workspace.bot)?.team_name ?? botName() : others.join(", ")}`),
      !isDirect && el("span", { class: "heading-members", title: members.map((who) => who.name).join(", ") }, members.length === 1 ? "1 member" : `${members.length} members`),
      isBot && el("div", { class: "tabs", role: "group", "aria-label": "App" }, tab("messages", "Messages"), tab("home", "Home"))));
  }
}

export { isReply };
