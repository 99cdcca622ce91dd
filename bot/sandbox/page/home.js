// What does the app's home tab show to this person?

import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { el, fill } from "./element.js";
import { surface } from "./surface.js";
import { attempt } from "./toast.js";
import { botName, workspace } from "./workspace.js";

let context = null;

export function drawHome(node) {
  const view = workspace.home;
  const kept = context?.form.values() ?? {};
  if (!view?.blocks?.length) {
    context = null;
    fill(node, el("p", { class: "empty" }, `${botName()} has shown nothing here yet.`));
    return;
  }
  context = surface({ view_id: view.id }, kept);
  fill(node, el("div", { class: "home-view" }, blocks(view.blocks, context)));
}

/** Tells the app that its home was opened, so that it can publish. */
export const openHome = () => attempt(() => post("/act", { as: workspace.me.id, home: true, wait: false }));
