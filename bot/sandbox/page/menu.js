// What can be chosen here? Small menus at a button, and the "are you sure" dialog.

import { el, fill } from "./element.js";
import { textObject, words } from "./mrkdwn.js";

let open = null;

export function closeMenu() {
  open?.end();
}

function place(panel, anchor) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = box.bottom + 4 + height <= innerHeight;
  panel.style.top = `${Math.max(4, below ? box.bottom + 4 : box.top - height - 4)}px`;
  const left = box.left < innerWidth / 2 ? box.left : box.right - width;
  panel.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
}

/** A panel at a button; closes on Esc, on a click elsewhere and when a choice is made. The focus goes back. */
export function popover(anchor, panel) {
  closeMenu();
  const host = anchor.closest("dialog") ?? document.body; // a modal dialog makes all outside it inert
  host.append(panel);
  place(panel, anchor);
  anchor.setAttribute("aria-expanded", "true");
  const outside = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) end();
  };
  const end = () => {
    document.removeEventListener("pointerdown", outside, true);
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (open?.panel === panel) open = null;
    if (anchor.isConnected && (document.activeElement === document.body || panel.contains(document.activeElement))) anchor.focus();
  };
  document.addEventListener("pointerdown", outside, true);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      end();
    }
  });
  open = { panel, end };
  panel.querySelector("button")?.focus();
  return end;
}

/** A menu of {label, choose, danger}; arrow keys move in it. */
export function menu(anchor, choices) {
  const items = choices.map(({ label, choose, danger }) =>
    el("button", { class: danger ? "menu-item menu-item-danger" : "menu-item", type: "button", role: "menuitem", on: { click: () => {
      closeMenu();
      choose();
    } } }, label));
  const panel = el("div", { class: "popover menu", role: "menu" }, items);
  panel.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = items.indexOf(document.activeElement);
    items[(at + step + items.length) % items.length].focus();
  });
  return popover(anchor, panel);
}

/** Slack's confirmation object as a dialog; true where the person goes on. */
export function confirmFirst(confirm) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "modal modal-small", "aria-label": words(confirm.title) || "Are you sure?" });
    const answer = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      answer(false);
    });
    fill(dialog,
      el("div", { class: "modal-head" }, el("h2", {}, words(confirm.title) || "Are you sure?")),
      el("div", { class: "modal-body" }, textObject(confirm.text)),
      el("div", { class: "modal-foot" },
        el("button", { class: "button", type: "button", on: { click: () => answer(false) } }, words(confirm.deny) || "Cancel"),
        el("button", { class: `button button-${confirm.style === "danger" ? "danger" : "primary"}`, type: "button", on: { click: () => answer(true) } },
          words(confirm.confirm) || "Yes")));
    document.body.append(dialog);
    dialog.showModal();
  });
}
