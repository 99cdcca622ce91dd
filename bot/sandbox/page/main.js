// How does the page come together? It loads one person's view, listens, and hands each frame to the piece that shows it.

import { get } from "./api.js";
import { buildClock, drawClock } from "./clock.js";
import { Conversation, isReply } from "./conversation.js";
import { el } from "./element.js";
import { drawHome } from "./home.js";
import { Live } from "./live.js";
import { closeMenu } from "./menu.js";
import { showModal } from "./modal.js";
import { dayKey } from "./moments.js";
import { words } from "./mrkdwn.js";
import { drawPeople } from "./people.js";
import { drawSidebar, unreadElsewhere } from "./sidebar.js";
import { drawStoryButtons, takeStory } from "./story.js";
import { openSwitcher } from "./switcher.js";
import { Thread } from "./thread.js";
import { announce, attempt, toast } from "./toast.js";
import { drawWelcome } from "./welcome.js";
import { channel, channelTitle, directMessage, isCustomer, now, takeChannel, takeClock, takeState, when, workspace } from "./workspace.js";

const SIDEBAR_REST_MS = 250;
const LINK_PATIENCE_MS = 2000; // a page without its live link is still worth reading
const ROOM_FOR_THREAD = 1080; // pixels; below it the pane would leave the channel too narrow
const NEWCOMER = "U0CY"; // who one is without ?as=: the customer, since a customer begins

const byId = (id) => document.getElementById(id);
const thread = new Thread();
const conversation = new Conversation({ openThread: (message) => thread.open(message), onMenu: () => document.body.classList.toggle("with-sidebar") });
const storyButtons = el("div", { class: "stage-group stage-stories", role: "group", "aria-label": "Stories" });
let live = null;
let day = null;

function drawTitle() {
  const where = conversation.channel;
  const unread = unreadElsewhere(conversation.id);
  const place = where ? `${where.kind === "dm" ? "" : "#"}${channelTitle(where)}` : "";
  document.title = `${unread ? `(${unread}) ` : ""}${place} · ${workspace.me.name} · Watchbell`;
}

let sidebarWaits = null;
let sidebarDrawnAt = -SIDEBAR_REST_MS;
function drawSideNow() {
  clearTimeout(sidebarWaits);
  sidebarWaits = null;
  sidebarDrawnAt = performance.now();
  drawSidebar(byId("sidebar"), { current: conversation.id, go, search });
  drawTitle();
}

/** Soon; what many messages change is drawn once. */
function drawSide() {
  sidebarWaits ??= setTimeout(drawSideNow, Math.max(sidebarDrawnAt + SIDEBAR_REST_MS - performance.now(), 30));
}

const search = () => openSwitcher({ go, become });

function remember() {
  const address = new URL(location.href);
  address.searchParams.set("as", workspace.me.id);
  if (conversation.id) address.searchParams.set("in", conversation.channel?.kind === "dm" ? "@bot" : conversation.id);
  history.replaceState(null, "", address);
}

async function go(id, tab) {
  closeMenu();
  document.body.classList.remove("with-sidebar");
  if (thread.isOpen && thread.root.channel !== id) thread.close();
  const opening = conversation.open(id, tab);
  remember();
  drawSideNow();
  if (conversation.tab === "messages" && matchMedia("(pointer: fine)").matches) conversation.composer.area.focus();
  await opening;
}

/** A message's address within this workspace leads to the message, not out of the page. */
async function follow(event) {
  const found = /\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})(?:\?thread_ts=([\d.]+))?/.exec(event.target.closest?.("a[href]")?.href ?? "");
  if (!found || !workspace.channels.has(found[1])) return;
  event.preventDefault();
  const [, room, seconds, micros, root] = found;
  await go(room);
  if (root) await thread.open({ channel: room, ts: root });
  (root ? thread : conversation).list.reveal(`${seconds}.${micros}`);
}

function firstRoom(wanted) {
  const found = wanted && channel(wanted);
  if (found) return found.id;
  const rooms = [...workspace.channels.values()].filter((one) => one.kind === "channel");
  const guests = isCustomer() ? rooms : rooms.filter((one) => one.shared);
  return (guests[0] ?? rooms[0] ?? directMessage()).id;
}

async function become(id, room = null) {
  closeMenu();
  live?.end();
  thread.close();
  showModal(null);
  const before = room ?? (conversation.channel?.kind === "dm" ? "@bot" : conversation.id);
  let early = []; // frames that come before the state does
  const next = new Live(id, { onFrame: (frame) => (early ? early.push(frame) : take(frame)), onLink: link });
  live = next;
  await Promise.race([next.ready, new Promise((resolve) => setTimeout(resolve, LINK_PATIENCE_MS))]);
  const arrived = await attempt(async () => {
    const state = await get("/page/state", { as: id });
    if (live === next) takeState(state);
  });
  if (live !== next) return true; // somebody else was chosen meanwhile
  if (!arrived) return false;
  for (const frame of early) take(frame);
  early = null;
  showModal(workspace.modal);
  const known = before && (before === "@bot" || workspace.channels.has(before)) ? before : null;
  await go(firstRoom(known));
  return true;
}

async function resync() {
  await attempt(async () => {
    takeState(await get("/page/state", { as: workspace.me.id }));
    showModal(workspace.modal);
    await Promise.all([conversation.load(), thread.load()]);
  });
}

function link(up, again) {
  workspace.linked = up;
  document.body.classList.toggle("unlinked", !up);
  if (up && again && workspace.me) resync();
}

function hear(message) {
  const isHere = message.channel === conversation.id;
  const mine = message.user === workspace.me.id;
  if (isHere && conversation.list.add(message)) {
    if (!mine && !document.hidden) announce(`${message.name}: ${words(message.text)}`);
    conversation.read();
  }
  if (thread.shows(message)) {
    thread.list.add(message);
    if (!mine) announce(`In the thread, ${message.name}: ${words(message.text)}`);
  }
  if (isReply(message) && isHere) {
    countReply(message);
    showNewcomer(message);
  }
  const where = workspace.channels.get(message.channel);
  if (where && !mine && !isReply(message) && (!isHere || document.hidden)) {
    where.unread = (where.unread ?? 0) + 1;
    drawSide();
  }
}

/** While the hint is up, the app's answer to one's own message opens beside it: a newcomer would not look there. */
function showNewcomer(message) {
  const root = conversation.list.find(message.thread_ts);
  const isAnswer = message.user === workspace.bot && root?.user === workspace.me.id;
  if (isAnswer && !thread.isOpen && !byId("welcome").hidden && innerWidth > ROOM_FOR_THREAD) thread.open(root, { focus: false });
}

/** The root's "3 replies", unless the workspace has said so already. */
function countReply(message) {
  const root = conversation.list.find(message.thread_ts);
  if (!root || (root.latest_reply ?? "") >= message.ts) return;
  conversation.list.change({ ...root, reply_count: (root.reply_count ?? 0) + 1, latest_reply: message.ts });
}

const FRAMES = {
  message: ({ message }) => hear(message),
  ephemeral: ({ message }) => {
    const told = { ...message, ephemeral_to: workspace.me.id };
    if (conversation.list.change(told)) return; // replaced through its response_url
    hear(told);
  },
  changed: ({ message }) => {
    conversation.list.change(message);
    if (thread.isOpen) thread.list.change(message);
  },
  deleted: ({ message }) => {
    conversation.list.remove(message);
    if (thread.isOpen) thread.list.remove(message);
    const root = isReply(message) && conversation.list.find(message.thread_ts);
    if (root?.reply_count) conversation.list.change({ ...root, reply_count: root.reply_count - 1 });
  },
  modal: ({ view }) => {
    workspace.modal = view;
    showModal(view);
  },
  home: ({ view }) => {
    workspace.home = view;
    if (conversation.tab === "home") drawHome(byId("home"));
  },
  clock: takeClock,
  channel: ({ channel: told }) => {
    takeChannel(told);
    if (conversation.id === "@bot" && told.kind === "dm") go(told.id, conversation.tab);
  },
  story: takeStory,
};

FRAMES.reaction = FRAMES.changed;

function take(frame) {
  FRAMES[frame.type]?.(frame);
}

when("state", () => {
  drawPeople(byId("people"), become);
  drawStoryButtons(storyButtons);
  drawWelcome(byId("welcome"), { become, write: (text) => conversation.composer.put(text) });
  conversation.drawHeading();
  drawSide();
});
when("channels", drawSide);
when("clock", () => {
  drawClock();
  const today = now() && dayKey(now());
  if (day && today !== day) conversation.list.refresh();
  day = today;
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    search();
  } else if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    if (document.body.classList.contains("with-sidebar")) document.body.classList.remove("with-sidebar");
    else thread.close();
  }
});
document.addEventListener("click", follow);
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !conversation.channel) return;
  conversation.read();
  drawSide();
});

async function start() {
  buildClock(byId("clock"), storyButtons);
  const query = new URLSearchParams(location.search);
  if (await become(query.get("as") ?? NEWCOMER, query.get("in"))) return;
  const { people } = await get("/people");
  await become(people.find((who) => !who.is_bot).id, query.get("in"));
}

start().catch((problem) => toast(problem.message));
