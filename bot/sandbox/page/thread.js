// What was answered under this message? The thread pane.

import { get } from "./api.js";
import { Composer } from "./composer.js";
import { el, fill, icon } from "./element.js";
import { MessageList } from "./messages.js";
import { attempt } from "./toast.js";
import { channel, channelTitle, workspace } from "./workspace.js";

export class Thread {
  constructor() {
    this.pane = document.getElementById("thread");
    this.root = null;
    this.opener = null;
  }

  get isOpen() {
    return this.root !== null;
  }

  shows(message) {
    return this.isOpen && message.channel === this.root.channel && (message.ts === this.root.ts || message.thread_ts === this.root.ts);
  }

  /** Opens the thread of a message; `focus` is false where the person did not ask for it. */
  async open(message, { focus = true } = {}) {
    const ts = message.thread_ts ?? message.ts;
    this.opener = document.activeElement;
    this.root = { channel: message.channel, ts };
    const where = channel(message.channel);
    const box = el("section", { class: "thread-messages", tabindex: "0", "aria-label": "Messages in the thread" });
    const composerBox = el("div", { class: "composer" });
    fill(this.pane,
      el("div", { class: "thread-head" },
        el("h2", {}, "Thread", el("span", {}, where ? `${where.kind === "dm" ? "" : "#"}${channelTitle(where)}` : "")),
        el("button", { class: "button button-icon button-quiet", type: "button", "aria-label": "Close the thread", on: { click: () => this.close() } }, icon("close"))),
      box, composerBox);
    this.pane.hidden = false;
    document.body.classList.add("with-thread");
    const root = this.root;
    this.list = new MessageList(box, { hooks: {}, belongs: (one) => one.ts === root.ts || one.thread_ts === root.ts });
    this.composer = new Composer(composerBox, () => ({
      channel: root.channel, thread: root.ts, label: "Reply in the thread", members: channel(root.channel)?.kind === "dm" ? [workspace.bot] : channel(root.channel)?.members,
    }));
    if (focus) this.composer.area.focus();
    await this.load();
  }

  async load() {
    const { root } = this;
    if (!root) return;
    this.list.expect();
    await attempt(async () => {
      const { messages } = await get("/page/history", { as: workspace.me.id, channel: root.channel, thread: root.ts });
      if (root === this.root) this.list.reset(messages);
    });
  }

  close() {
    if (!this.isOpen) return;
    this.root = null;
    this.pane.hidden = true;
    this.pane.replaceChildren();
    document.body.classList.remove("with-thread");
    if (this.opener?.isConnected) this.opener.focus();
    else document.querySelector("#composer textarea")?.focus();
  }
}
