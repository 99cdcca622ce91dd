// Which options does the app offer for these letters? A select whose choices come from the app while one types.

import { el, fill, freshId } from "./element.js";
import { words } from "./mrkdwn.js";

const PAUSE_MS = 200;

/** A maker as in inputs.js; `context.options(typed)` asks the app. */
export function externalSelect(element, context) {
  const isMany = element.type.startsWith("multi_");
  const kept = context.kept ?? {};
  let chosen = isMany ? [...(kept.selected_options ?? element.initial_options ?? [])] : [kept.selected_option ?? element.initial_option].filter(Boolean);
  const least = element.min_query_length ?? 3;
  const listId = freshId("external");
  const list = el("ul", { class: "external-list", id: listId, role: "listbox", "aria-label": "Choices", hidden: true });
  const naming = context.labelled ? { "aria-labelledby": context.labelled } : { "aria-label": context.name };
  const field = el("input", { ...naming, type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": listId, autocomplete: "off", placeholder: words(element.placeholder) || "Type to search…" });
  const tokens = el("div", { class: "external-chosen" });
  const read = () => ({ type: element.type, ...(isMany ? { selected_options: chosen } : { selected_option: chosen[0] ?? null }) });
  let timer = null;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
  };
  const draw = () => {
    if (!isMany) field.value = chosen[0] ? words(chosen[0].text) : field.value;
    else fill(tokens, chosen.map((option) => el("button", { class: "reaction", type: "button", "aria-label": `Remove ${words(option.text)}`, on: { click: () => {
      chosen = chosen.filter((other) => other !== option);
      draw();
      context.changed(read());
    } } }, words(option.text), " ×")));
  };
  const take = (option) => {
    chosen = isMany ? [...chosen.filter((other) => other.value !== option.value), option] : [option];
    if (isMany) field.value = "";
    close();
    draw();
    context.changed(read());
  };
  const ask = async () => {
    asked += 1;
    const mine = asked;
    const options = await context.options(field.value);
    if (mine !== asked || !field.isConnected) return;
    list.hidden = options.length === 0;
    field.setAttribute("aria-expanded", String(options.length > 0));
    fill(list, options.map((option) => el("li", { class: "offer", role: "option", "aria-selected": "false", on: { pointerdown: (event) => {
      event.preventDefault();
      take(option);
    } } }, words(option.text))));
    list.firstChild?.setAttribute("aria-selected", "true");
  };
  field.addEventListener("input", () => {
    if (!isMany) chosen = [];
    clearTimeout(timer);
    close();
    if (field.value.length >= least) timer = setTimeout(ask, PAUSE_MS);
  });
  field.addEventListener("focus", () => {
    if (least === 0 && !chosen.length) ask();
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const items = [...list.children];
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      items[at].setAttribute("aria-selected", "false");
      items[(at + step + items.length) % items.length].setAttribute("aria-selected", "true");
    } else if (event.key === "Enter") items[at].dispatchEvent(new PointerEvent("pointerdown", { cancelable: true }));
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  draw();
  return { node: el("div", { class: "external" }, tokens, field, list), control: field, read };
}
