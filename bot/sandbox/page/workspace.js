// What does this window know of the workspace? One person's view of it, kept in step by the live frames.

const changes = new EventTarget();

export const workspace = {
  me: null, people: new Map(), channels: new Map(), commands: [], shortcuts: [], stories: [],
  clock: { now: null, rate: 0, next_due: null }, home: null, modal: null, bot: null, linked: false,
};

/** Topics: "state", "channels", "clock", "link". */
export function when(topic, listener) {
  changes.addEventListener(topic, listener);
}

export function changed(topic) {
  changes.dispatchEvent(new Event(topic));
}

export function takeState(state) {
  workspace.me = state.me;
  workspace.people = new Map(state.people.map((person) => [person.id, person]));
  workspace.channels = new Map(state.channels.map((channel) => [channel.id, channel]));
  workspace.commands = state.commands ?? [];
  workspace.shortcuts = state.shortcuts ?? [];
  workspace.stories = state.stories ?? [];
  workspace.home = state.home ?? null;
  workspace.modal = state.modal ?? null;
  workspace.bot = state.bot ?? [...workspace.people.values()].find((person) => person.is_bot)?.id ?? null;
  takeClock(state.clock);
  changed("state");
}

export function takeClock(clock) {
  workspace.clock = { now: clock.now, rate: clock.rate ?? 0, next_due: clock.next_due ?? null };
  changed("clock");
}

export function takeChannel(channel) {
  workspace.channels.set(channel.id, { ...workspace.channels.get(channel.id), ...channel });
  changed("channels");
}

export const now = () => (workspace.clock.now ? new Date(workspace.clock.now) : null);
export const person = (id) => workspace.people.get(id) ?? null;
export const botName = () => person(workspace.bot)?.name ?? "Watchbell";

/** The team that installed the bot: its people have commands and shortcuts. */
export const homeTeam = () => person(workspace.bot)?.team ?? "T0WATCH";
export const isCustomer = (who = workspace.me) => who !== null && who.team !== homeTeam();

/** The direct message with the bot; a stand-in where none was opened yet. */
export function directMessage() {
  const found = [...workspace.channels.values()].find(
    (channel) => channel.kind === "dm" && (channel.with ?? workspace.bot) === workspace.bot,
  );
  return found ?? { id: "@bot", name: botName(), kind: "dm", shared: false, members: [], unread: 0, with: workspace.bot };
}

export function channel(id) {
  if (id === "@bot") return directMessage();
  return workspace.channels.get(id) ?? null;
}

export function channelTitle(where) {
  if (where.kind !== "dm") return where.name.replace(/^#/, "");
  return person(where.with)?.name ?? botName();
}

/** Names of the other companies in a shared channel. */
export function guests(where) {
  const names = (where.members ?? []).map(person).filter((who) => who && !who.is_bot && who.team !== homeTeam());
  return [...new Set(names.map((who) => who.team_name))];
}

export const initials = (name) =>
  name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "?";

/** A colour slot (0 to 7) by the place in the list of people, so that neighbours differ. */
export const shade = (id) => Math.max(0, [...workspace.people.keys()].indexOf(id)) % 8;
