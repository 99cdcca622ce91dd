// What time is it, and what if it were later? The workspace's clock, which every window shares.

import { post } from "./api.js";
import { el, fill, icon } from "./element.js";
import { full, shortDay, span, timeWithSeconds } from "./moments.js";
import { attempt } from "./toast.js";
import { now, takeClock, workspace } from "./workspace.js";

const RATES = [{ rate: 0, name: "Pause", shape: "pause" }, { rate: 1, name: "Play 1×", shape: "play" }, { rate: 60, name: "60×", shape: "play" }];

let moving = 0;
let parts = null;

async function move(body) {
  moving += 1;
  drawClock();
  await attempt(async () => {
    const answer = await post("/clock", body);
    takeClock({ ...workspace.clock, ...answer });
  });
  moving -= 1;
  drawClock();
}

/** Builds the bar once; drawClock() keeps it true. `story` goes at its end. */
export function buildClock(node, story) {
  const step = (label, name, body) => el("button", { class: "stage-button", type: "button", "aria-label": name, on: { click: () => move(body) } }, label);
  parts = {
    day: el("span", { class: "clock-day" }),
    time: el("strong", { class: "clock-time" }),
    due: el("span", { class: "clock-due" }),
    steps: [
      step("+10 min", "Ten minutes later", { advance: "10 minutes" }),
      step("+1 h", "One hour later", { advance: "1 hour" }),
      step("+1 day", "One day later", { advance: "1 day" }),
    ],
    next: el("button", { class: "stage-button", type: "button", on: { click: () => move({ next: true }) } }, icon("skip"), "Next event"),
    rates: RATES.map(({ rate, name, shape }) => el("button", { class: "stage-button", type: "button", dataset: { rate }, on: { click: () => move({ rate }) } }, icon(shape), name)),
  };
  fill(node,
    el("div", { class: "clock-face", role: "timer", "aria-label": "Simulated time" }, parts.day, parts.time, el("span", { class: "clock-zone" }, "UTC")),
    el("div", { class: "stage-group", role: "group", "aria-label": "Move the clock" }, parts.steps, parts.next),
    el("div", { class: "stage-group", role: "group", "aria-label": "Speed of the clock" }, parts.rates),
    parts.due, story);
}

export function drawClock() {
  const at = now();
  if (!parts || !at) return;
  const { next_due: nextDue, rate } = workspace.clock;
  parts.day.textContent = shortDay(at);
  parts.time.textContent = timeWithSeconds(at);
  parts.time.title = full(at);
  parts.due.textContent = moving ? "moving…" : nextDue ? `next event in ${span(new Date(nextDue) - at)}` : "nothing is due";
  parts.due.classList.toggle("clock-moving", moving > 0);
  parts.next.disabled = !nextDue;
  for (const button of parts.rates) button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === rate));
}
