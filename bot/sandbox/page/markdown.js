// How do the two other text formats look: the `markdown` block (standard Markdown) and rich_text (a tree)?

import { el } from "./element.js";
import { emoji, link, mention, unescapeText } from "./mrkdwn.js";
import { dated } from "./moments.js";
import { channel } from "./workspace.js";

const INLINE = /(\*\*|__)(?=\S)(.+?\S|\S)\1|(?<!\w)(\*|_)(?=\S)(.+?\S|\S)\3(?!\w)|~~(.+?)~~|`([^`]+)`|\[([^\]]*)\]\(([^)\s]+)\)|:([a-z0-9_+'-]+):/g;

function spans(text) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, , strong, , em, struck, code, label, address, name] = match;
    const node =
      strong !== undefined ? el("strong", {}, spans(strong))
      : em !== undefined ? el("em", {}, spans(em))
      : struck !== undefined ? el("s", {}, spans(struck))
      : code !== undefined ? el("code", {}, code)
      : label !== undefined ? link(address, label)
      : emoji(name);
    nodes.push(document.createTextNode(text.slice(last, match.index)), node ?? document.createTextNode(whole));
    last = match.index + whole.length;
  }
  nodes.push(document.createTextNode(text.slice(last)));
  return nodes;
}

const withBreaks = (text) => text.split("\n").flatMap((line, index) => (index ? [el("br"), ...spans(line)] : spans(line)));
const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function block(piece) {
  const rows = piece.split("\n");
  const heading = /^(#{1,6})\s+(.*)$/.exec(rows[0]);
  if (heading && rows.length === 1) return el("p", { class: `md-head md-head-${heading[1].length}` }, spans(heading[2]));
  if (/^\s*(-{3,}|\*{3,})\s*$/.test(piece)) return el("hr");
  if (rows.length > 1 && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(rows[1])) {
    const head = el("tr", {}, cells(rows[0]).map((cell) => el("th", { scope: "col" }, spans(cell))));
    const body = rows.slice(2).map((row) => el("tr", {}, cells(row).map((cell) => el("td", {}, spans(cell)))));
    return el("table", {}, el("thead", {}, head), el("tbody", {}, body));
  }
  for (const [tag, mark] of [["ul", /^\s*[-*+]\s+/], ["ol", /^\s*\d+[.)]\s+/]]) {
    if (rows.every((row) => mark.test(row))) return el(tag, {}, rows.map((row) => el("li", {}, spans(row.replace(mark, "")))));
  }
  if (rows.every((row) => /^>/.test(row))) {
    return el("blockquote", {}, withBreaks(rows.map((row) => row.replace(/^>\s?/, "")).join("\n")));
  }
  if (heading) return [block(rows[0]), block(rows.slice(1).join("\n"))];
  return el("p", {}, withBreaks(piece));
}

/** Standard Markdown, as far as messages use it. */
export function markdown(text) {
  return String(text ?? "").split("```").flatMap((piece, index) =>
    index % 2
      ? [el("pre", {}, el("code", {}, piece.replace(/^[a-z]*\n|\n$/g, "")))]
      : piece.split(/\n{2,}/).filter((part) => part.trim()).flatMap((part) => block(part.replace(/^\n+|\n+$/g, ""))),
  );
}

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

function leaf(element) {
  if (element.type === "user") return mention(element.user_id);
  if (element.type === "channel") return el("span", { class: "mention" }, `#${channel(element.channel_id)?.name ?? element.channel_id}`);
  if (element.type === "usergroup") return el("span", { class: "mention" }, "@group");
  if (element.type === "broadcast") return el("span", { class: "mention mention-all" }, `@${element.range}`);
  if (element.type === "emoji") return emoji(element.name) ?? document.createTextNode(`:${element.name}:`);
  if (element.type === "link") return link(element.url, element.text ?? element.url);
  if (element.type === "date") return document.createTextNode(dated(element.timestamp, element.format) ?? element.fallback ?? "");
  const text = unescapeText(element.text ?? "");
  const parts = text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
  let node = parts;
  for (const [name, tag] of Object.entries(STYLES)) if (element.style?.[name]) node = el(tag, {}, node);
  return node;
}

function branch(element) {
  const inside = () => (element.elements ?? []).map(leaf);
  switch (element.type) {
    case "rich_text_list":
      return el(element.style === "ordered" ? "ol" : "ul", { class: `indent-${element.indent ?? 0}` },
        element.elements.map((item) => el("li", {}, (item.elements ?? []).map(leaf))));
    case "rich_text_quote":
      return el("blockquote", {}, inside());
    case "rich_text_preformatted":
      return el("pre", {}, el("code", {}, inside()));
    default:
      return el("div", {}, inside());
  }
}

/** A rich_text block's tree. */
export const richText = (elements) => (elements ?? []).map(branch);
