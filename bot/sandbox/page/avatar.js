// Who is this, at a glance? Initials in a steady colour; the bot has its bell.

import { el, icon } from "./element.js";
import { initials, shade, workspace } from "./workspace.js";

export function avatar(id, name, size = "") {
  const isBot = id === workspace.bot;
  return el("span", { class: `avatar ${size} ${isBot ? "avatar-bot" : `shade-${shade(id ?? "")}`}`, "aria-hidden": "true" },
    isBot ? icon("bell") : initials(name));
}
