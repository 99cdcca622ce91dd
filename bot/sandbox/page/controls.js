// What can be pressed in a message or a view? Buttons, menus and inputs outside of input blocks.

import { el, icon } from "./element.js";
import { input } from "./inputs.js";
import { confirmFirst, menu } from "./menu.js";
import { plain, words } from "./mrkdwn.js";

async function press(item, context, state, node) {
  if (item.confirm && !(await confirmFirst(item.confirm))) return;
  node.setAttribute("aria-busy", "true");
  try {
    await context.act({ block_id: context.blockId, action_id: item.action_id, type: item.type, ...state });
  } finally {
    node.removeAttribute("aria-busy");
  }
}

export function button(item, context) {
  const style = item.style ? ` button-${item.style}` : "";
  const shared = { class: `button${style}`, "aria-label": words(item.accessibility_label) || null, dataset: { action: item.action_id ?? "" } };
  const isLink = /^https?:\/\//i.test(item.url ?? "");
  const node = isLink
    ? el("a", { ...shared, href: item.url, target: "_blank", rel: "noopener noreferrer" }, plain(item.text.text))
    : el("button", { ...shared, type: "button" }, plain(item.text.text));
  node.addEventListener("click", () => press(item, context, { value: item.value }, node));
  return node;
}

function overflow(item, context) {
  const node = el("button", { class: "button button-icon", type: "button", "aria-label": "More actions", "aria-haspopup": "menu" }, icon("more"));
  node.addEventListener("click", () => menu(node, item.options.map((option) => ({
    label: words(option.text),
    choose: () => press(item, context, { selected_option: option }, node),
  }))));
  return node;
}

/** Any element outside an input block; choosing in it tells the app at once. */
export function element(item, context) {
  if (item.type === "button" || item.type === "workflow_button") return button(item, context);
  if (item.type === "overflow") return overflow(item, context);
  const made = input(item, {
    kept: context.form.kept(context.blockId, item.action_id),
    name: context.name || item.action_id, labelled: null,
    options: (value) => context.options({ block_id: context.blockId, action_id: item.action_id, value }),
    changed: async (state) => {
      await press(item, context, state, made.node);
    },
  });
  if (!made) return el("span", { class: "unknown" }, `This page does not draw “${item.type}” yet.`);
  context.form.put(context.blockId, item.action_id, made.read);
  return made.node;
}
