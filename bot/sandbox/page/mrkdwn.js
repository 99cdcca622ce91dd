// What does Slack's mrkdwn look like? Text in, nodes out; whatever is not understood stays visible as text.

import { el } from "./element.js";
import { picture } from "./emoji.js";
import { dated } from "./moments.js";
import { channel, person, workspace } from "./workspace.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const FARTHEST_MARK = 2000; // beyond this a closing mark is not looked for, so that strange text stays cheap

export const unescapeText = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A link that opens http or https only; anything else is its label, as text. */
export function link(address, label) {
  if (!/^https?:\/\//i.test(address)) return document.createTextNode(label);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

export function emoji(name) {
  const shown = picture(name);
  return shown ? el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, shown) : null;
}

export function mention(id, fallback) {
  const who = person(id);
  const mine = id === workspace.me?.id;
  return el("span", { class: mine ? "mention mention-me" : "mention" }, `@${who?.name ?? fallback ?? id}`);
}

function angled(inside) {
  const bar = inside.indexOf("|");
  const head = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : unescapeText(inside.slice(bar + 1));
  if (head.startsWith("mailto:")) return document.createTextNode(label ?? head.slice(7));
  if (head.startsWith("@")) return mention(head.slice(1), label);
  if (head.startsWith("#")) {
    const where = channel(head.slice(1));
    return el("span", { class: "mention" }, `#${where?.name ?? label ?? head.slice(1)}`);
  }
  if (head.startsWith("!date^")) {
    const [, epoch, format, address] = head.split("^");
    const words = dated(epoch, unescapeText(format ?? "")) ?? label ?? "";
    return address ? link(unescapeText(address), words) : el("span", { class: "moment", title: label }, words);
  }
  if (head.startsWith("!subteam^")) return el("span", { class: "mention" }, label ?? "@group");
  if (head.startsWith("!")) return el("span", { class: "mention mention-all" }, `@${label ?? head.slice(1)}`);
  return link(unescapeText(head), label ?? (/^https?:/i.test(head) ? unescapeText(head) : `<${unescapeText(head)}>`));
}

const bare = (text) => unescapeText(text.replace(/<([^<>|]*)\|([^<>]*)>/g, "$2").replace(/<([^<>]*)>/g, "$1"));
const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);

function closing(text, start) {
  const mark = text[start];
  if (text[start + 1] === undefined || /\s/.test(text[start + 1]) || text[start + 1] === mark) return -1;
  const last = Math.min(text.length, start + FARTHEST_MARK);
  for (let at = start + 2; at < last && text[at] !== "\n"; at += 1) {
    if (text[at] === mark && !/\s/.test(text[at - 1]) && !isWord(text[at + 1])) return at;
  }
  return -1;
}

/** One run of text on one or more lines: marks, mentions, links, code, emoji. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(unescapeText(plain)));
    plain = "";
  };
  const put = (node) => {
    flush();
    nodes.push(node);
  };
  let at = 0;
  while (at < text.length) {
    const letter = text[at];
    const rest = text.slice(at, at + FARTHEST_MARK * 2);
    let found;
    if (letter === "\n") {
      put(el("br"));
      at += 1;
    } else if (letter === "<" && (found = /^<([^<>\n]+)>/.exec(rest))) {
      put(angled(found[1]));
      at += found[0].length;
    } else if (letter === "`" && (found = /^`([^`\n]+)`/.exec(rest))) {
      put(el("code", {}, bare(found[1])));
      at += found[0].length;
    } else if (letter === ":" && (found = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/.exec(rest)) && picture(found[1])) {
      put(emoji(found[1]));
      at += found[0].length;
    } else if (letter in MARKS && !isWord(text[at - 1]) && (found = closing(text, at)) > 0) {
      put(el(MARKS[letter], {}, inline(text.slice(at + 1, found))));
      at = found + 1;
    } else {
      plain += letter;
      at += 1;
    }
  }
  flush();
  return nodes;
}

function lines(text) {
  const parts = [];
  let kind = null;
  let held = [];
  const flush = () => {
    if (held.length) parts.push(kind === "quote" ? el("blockquote", {}, inline(held.join("\n"))) : inline(held.join("\n")));
    held = [];
  };
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>)\s?/.exec(line);
    const next = quote ? "quote" : "text";
    if (next !== kind) {
      flush();
      kind = next;
    }
    held.push(quote ? line.slice(quote[0].length) : line);
  }
  flush();
  return parts;
}

/** A whole mrkdwn text. */
export function mrkdwn(text) {
  const parts = [];
  for (const [index, piece] of String(text ?? "").split("```").entries()) {
    if (index % 2) parts.push(el("pre", {}, el("code", {}, bare(piece.replace(/^\n|\n$/g, "")))));
    else if (piece.trim() || index === 0) parts.push(lines(piece.replace(/^\n/, "")));
  }
  return parts.flat(Infinity);
}

/** A plain_text object: emoji only. */
export function plain(text) {
  const nodes = [];
  for (const piece of unescapeText(String(text ?? "")).split(/(:[a-z0-9_+'-]+:)/)) {
    const name = /^:(.+):$/.exec(piece)?.[1];
    nodes.push((name && emoji(name)) ?? document.createTextNode(piece));
  }
  return nodes;
}

/** A text object of Block Kit, by its own type. */
export const textObject = (text) =>
  !text ? [] : typeof text === "string" ? plain(text) : text.type === "mrkdwn" ? mrkdwn(text.text) : plain(text.text);

/** What a text object says, without any markup: for names of controls and options. */
export const words = (text) => {
  if (!text) return "";
  const raw = typeof text === "string" ? text : text.text;
  const said = bare(raw ?? "");
  return said.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => picture(name) ?? whole);
};
