// What does a story look like? A button that plays one on this workspace, and its lines as they happen.

import { post } from "./api.js";
import { el, fill, icon } from "./element.js";
import { menu } from "./menu.js";
import { attempt } from "./toast.js";
import { workspace } from "./workspace.js";

const MOST_LINES = 2000;

let lines = null;
let title = null;
let playing = false;

function open() {
  const box = document.getElementById("story");
  box.hidden = false;
  if (lines) return;
  lines = el("div", { class: "story-lines", role: "log", tabindex: "0", "aria-label": "Story lines" });
  title = el("h2", {}, "Story");
  fill(box, el("div", { class: "story-head" }, title,
    el("button", { class: "button button-icon button-quiet", type: "button", "aria-label": "Close the transcript", on: { click: () => {
      box.hidden = true;
    } } }, icon("close"))), lines);
}

async function play(story) {
  open();
  fill(lines);
  title.textContent = `Playing: ${story.title ?? story.name}`;
  playing = true;
  const began = await attempt(() => post("/page/story", { name: story.name }));
  if (!began) takeStory({ line: null, done: true, passed: false });
}

const nameOf = (story) => (story.name === "sev1" ? "Play the Sev 1 story" : `Play: ${story.title ?? story.name}`);

/** The button; with several stories it also opens the list of them. */
export function drawStoryButtons(node) {
  const { stories } = workspace;
  node.hidden = stories.length === 0;
  if (!stories.length) return;
  const first = stories.find((story) => story.name === "sev1") ?? stories[0];
  const main = el("button", { class: "stage-button stage-story", type: "button", on: { click: () => play(first) } }, icon("play"), nameOf(first));
  const more = stories.length > 1
    && el("button", { class: "stage-button stage-icon", type: "button", "aria-label": "Other stories", "aria-haspopup": "menu", on: { click: () =>
      menu(more, stories.filter((story) => story !== first).map((story) => ({ label: nameOf(story), choose: () => play(story) }))) } }, "▾");
  fill(node, main, more);
}

/** A frame of a running story, whoever started it. */
export function takeStory({ line, done, passed }) {
  open();
  if (line) {
    for (const part of line.split("\n")) lines.append(el("div", { class: "story-line" }, part));
    while (lines.childElementCount > MOST_LINES) lines.firstChild.remove();
    lines.scrollTop = lines.scrollHeight;
  }
  if (done && (playing || line)) {
    playing = false;
    title.textContent = title.textContent.replace(/^Playing/, passed === false ? "Ended early" : "Played");
  }
}
