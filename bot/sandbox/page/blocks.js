// What do Block Kit blocks look like? Each type one small renderer; an unknown one says so instead of hiding.

import { button, element } from "./controls.js";
import { el, freshId } from "./element.js";
import { demandOf } from "./form.js";
import { input } from "./inputs.js";
import { markdown, richText } from "./markdown.js";
import { plain, textObject, words } from "./mrkdwn.js";

/* Context of a surface: {form, act(action)}; a block adds its own blockId. */

function image({ image_url: address, alt_text: alt }, className) {
  const safe = /^(https?:\/\/|\/)/i.test(address ?? "") ? address : null;
  const node = el("img", { class: className, alt: alt ?? "", loading: "lazy", src: safe });
  node.addEventListener("error", () => node.replaceWith(el("span", { class: "image-missing" }, `Image: ${alt || "not shown"}`)));
  return safe ? node : el("span", { class: "image-missing" }, `Image: ${alt || "not shown"}`);
}

function section(block, context) {
  const accessory = block.accessory
    && (block.accessory.type === "image"
      ? image(block.accessory, "image-accessory")
      : element(block.accessory, { ...context, name: words(block.accessory.placeholder) || words(block.text) }));
  return el("div", { class: accessory ? "section section-with" : "section" },
    el("div", { class: "section-main" },
      block.text && el("div", { class: "section-text" }, textObject(block.text)),
      block.fields && el("div", { class: "fields" }, block.fields.map((field) => el("div", { class: "field" }, textObject(field))))),
    accessory && el("div", { class: "accessory" }, accessory));
}

function contextLine(block) {
  return el("div", { class: "context" }, block.elements.map((item) =>
    item.type === "image" ? image(item, "image-context") : el("span", {}, textObject(item))));
}

function actions(block, context) {
  return el("div", { class: "actions" }, block.elements.map((item) =>
    element(item, { ...context, name: words(item.placeholder) || words(item.accessibility_label) || item.action_id })));
}

/** An input block: label, control, hint and the place where its error appears. */
function inputBlock(block, context) {
  const labelId = freshId("label");
  const errorId = freshId("error");
  const name = words(block.label);
  const made = input(block.element, {
    kept: context.form.kept(block.block_id, block.element.action_id),
    name, labelled: labelId,
    options: (value) => context.options({ block_id: block.block_id, action_id: block.element.action_id, value }),
    changed: (state) => block.dispatch_action
      && context.act({ block_id: block.block_id, action_id: block.element.action_id, type: block.element.type, ...state }),
  });
  if (!made) return unknown(block.element);
  context.form.put(block.block_id, block.element.action_id, made.read);
  context.form.demand(block.block_id, demandOf(block));
  const isOne = /^(INPUT|TEXTAREA|SELECT)$/.test(made.node.tagName);
  if (isOne) made.control.id = freshId("input");
  made.control.setAttribute("aria-describedby", errorId);
  if (!block.optional && isOne) made.control.setAttribute("aria-required", "true");
  return el("div", { class: "input-block", dataset: { block: block.block_id } },
    el(isOne ? "label" : "span", { class: "input-label", id: labelId, for: isOne ? made.control.id : null },
      plain(block.label?.text), block.optional && el("span", { class: "input-optional" }, " (optional)")),
    made.node,
    el("div", { class: "input-error", id: errorId }),
    block.hint && el("div", { class: "input-hint" }, plain(block.hint.text)));
}

function table(block) {
  const cell = (item, tag) => el(tag, { scope: tag === "th" ? "col" : null },
    item.type === "rich_text" ? richText(item.elements) : plain(String(item.text ?? "")));
  const [head, ...rows] = block.rows ?? [];
  return el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    el("table", {},
      el("thead", {}, el("tr", {}, (head ?? []).map((item) => cell(item, "th")))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((item) => cell(item, "td")))))));
}

const unknown = (thing) => el("div", { class: "unknown" }, `This page does not draw “${thing?.type}” yet.`);

const RENDERERS = {
  section,
  header: (block) => el("div", { class: "block-header", role: "heading", "aria-level": "3" }, plain(block.text.text)),
  context: contextLine,
  divider: () => el("hr"),
  actions,
  context_actions: actions,
  image: (block) => el("figure", {}, block.title && el("figcaption", {}, plain(block.title.text)), image(block, "image-block")),
  rich_text: (block) => el("div", { class: "rich" }, richText(block.elements)),
  markdown: (block) => el("div", { class: "rich" }, markdown(block.text)),
  input: inputBlock,
  table,
};

/** All blocks of one surface. `context`: {form, act}. */
export function blocks(list, context) {
  return list.map((block) => {
    const render = RENDERERS[block.type] ?? unknown;
    return el("div", { class: `block block-${block.type}` }, render(block, { ...context, blockId: block.block_id }));
  });
}

export { button };
