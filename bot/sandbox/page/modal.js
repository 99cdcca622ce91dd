// Which form is open? The top view of this person, in a dialog that traps the focus and keeps what was typed.

import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { el, fill, icon } from "./element.js";
import { words } from "./mrkdwn.js";
import { surface } from "./surface.js";
import { attempt } from "./toast.js";
import { botName, workspace } from "./workspace.js";

const typed = new Map(); // view id -> values, so that a view below another one keeps its words
let shown = null;

function drawErrors(dialog, errors) {
  for (const place of dialog.querySelectorAll(".input-block")) {
    const sentence = errors[place.dataset.block] ?? "";
    place.querySelector(".input-error").textContent = sentence;
    place.classList.toggle("input-wrong", sentence !== "");
    for (const control of place.querySelectorAll("input, textarea, select")) {
      if (sentence) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
  dialog.querySelector("[aria-invalid]")?.focus();
}

async function submit() {
  const { dialog, view, context } = shown;
  const faults = context.form.faults();
  drawErrors(dialog, faults);
  if (Object.keys(faults).length) return;
  const send = dialog.querySelector("[data-submit]");
  send.setAttribute("aria-busy", "true");
  send.disabled = true;
  await attempt(async () => {
    const answer = await post("/page/submit", { as: workspace.me.id, view_id: view.id, state: context.form.values() });
    if (answer.errors && Object.keys(answer.errors).length) drawErrors(dialog, answer.errors);
  });
  send.removeAttribute("aria-busy");
  send.disabled = false;
}

const dismiss = () => attempt(() => post("/page/close", { as: workspace.me.id, view_id: shown.view.id }));

function draw(view) {
  const { dialog } = shown;
  const title = words(view.title);
  fill(dialog,
    el("form", { class: "modal-form", novalidate: true, on: { submit: (event) => {
      event.preventDefault();
      submit();
    } } },
    el("div", { class: "modal-head" },
      el("h2", { id: "modal-title" }, title),
      el("button", { class: "button button-icon button-quiet", type: "button", "aria-label": "Close the form", on: { click: dismiss } }, icon("close"))),
    el("div", { class: "modal-body" }, blocks(view.blocks ?? [], shown.context)),
    el("div", { class: "modal-foot" },
      el("span", { class: "modal-app" }, `${botName()} · app`),
      el("button", { class: "button", type: "button", on: { click: dismiss } }, words(view.close) || "Cancel"),
      view.submit && el("button", { class: "button button-primary", type: "submit", dataset: { submit: "" } }, words(view.submit)))));
}

function focusFirst(dialog) {
  const first = dialog.querySelector(".modal-body input, .modal-body textarea, .modal-body select, .modal-body button");
  (first ?? dialog.querySelector("button")).focus();
}

/** Shows the view (or none), as the workspace says; words already typed into the same view stay. */
export function showModal(view) {
  if (shown) typed.set(shown.view.id, shown.context.form.values());
  if (!view) {
    shown?.dialog.close();
    shown?.dialog.remove();
    shown = null;
    typed.clear();
    return;
  }
  const isNew = shown?.view.id !== view.id;
  if (!shown) {
    const dialog = el("dialog", { class: "modal", "aria-labelledby": "modal-title" });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      dismiss();
    });
    document.body.append(dialog);
    shown = { dialog };
    dialog.showModal();
  }
  const focused = !isNew && document.activeElement?.closest(".input-block")?.dataset.block;
  shown.view = view;
  shown.context = surface({ view_id: view.id }, typed.get(view.id) ?? {});
  draw(view);
  if (focused) shown.dialog.querySelector(`[data-block="${CSS.escape(focused)}"]`)?.querySelector("input, textarea, select")?.focus();
  else focusFirst(shown.dialog);
}
