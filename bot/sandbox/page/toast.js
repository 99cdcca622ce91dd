// What just went wrong? One sentence at the edge, said aloud to screen readers, gone after a while.

import { el } from "./element.js";

const SHOWN_FOR_MS = 7000;

const whole = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?…]$/.test(words) ? "" : "."}`;

export function toast(sentence) {
  const note = el("div", { class: "toast" }, whole(sentence),
    el("button", { class: "toast-close", type: "button", "aria-label": "Dismiss", on: { click: () => note.remove() } }, "×"));
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), SHOWN_FOR_MS);
}

/** Runs the work and shows its refusal; true where it went well. */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (problem) {
    toast(problem.message);
    return false;
  }
}

let pending = null;

/** Says a sentence to screen readers only; of many at once, the last. */
export function announce(sentence) {
  clearTimeout(pending);
  pending = setTimeout(() => {
    document.getElementById("announcer").textContent = sentence;
  }, 150);
}
