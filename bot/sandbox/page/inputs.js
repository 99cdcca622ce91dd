// How does one fill something in? Selects, choices, dates and text fields, each a native control with a name.

import { el, freshId } from "./element.js";
import { externalSelect } from "./external.js";
import { textObject, words } from "./mrkdwn.js";
import { workspace } from "./workspace.js";

/* Each maker gets (element, context) and returns {node, read, control}. Context: {kept, name, labelled, changed}.
   `name` is the control's name where no visible label is (`labelled` null); `changed(state)` tells of a choice made, `options(typed)` asks the app for choices. */

const naming = ({ name, labelled }) => (labelled ? { "aria-labelledby": labelled } : { "aria-label": name });

const KINDS = {
  plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "number",
};

function textField(element, context) {
  const start = context.kept?.value ?? element.initial_value ?? "";
  const shared = { ...naming(context), placeholder: words(element.placeholder) || null, value: start };
  const control = element.multiline
    ? el("textarea", { ...shared, rows: 4 })
    : el("input", { ...shared, type: KINDS[element.type], step: element.is_decimal_allowed ? "any" : null, autocomplete: "off" });
  if (element.type !== "plain_text_input") control.setAttribute("novalidate", "");
  control.addEventListener("keydown", (event) => {
    const asks = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    if (event.key === "Enter" && !element.multiline && asks.includes("on_enter_pressed")) context.changed({ value: control.value });
  });
  return { node: control, control, read: () => ({ type: element.type, value: control.value === "" ? null : control.value }) };
}

function fileField(element, context) {
  const most = element.max_files ?? 10;
  const types = (element.filetypes ?? []).map((type) => `.${type}`).join(",");
  const control = el("input", { ...naming(context), type: "file", multiple: most > 1 ? "" : null, accept: types || null });
  const read = () => ({ type: element.type, files: [...control.files].slice(0, most).map(({ name, size }) => ({ name, size })) });
  control.addEventListener("change", () => context.changed(read()));
  return { node: control, control, read };
}

const DATES = {
  datepicker: { type: "date", key: "selected_date", initial: "initial_date" },
  timepicker: { type: "time", key: "selected_time", initial: "initial_time" },
  datetimepicker: { type: "datetime-local", key: "selected_date_time", initial: "initial_date_time" },
};

function dateField(element, context) {
  const { type, key, initial } = DATES[element.type];
  const isBoth = type === "datetime-local"; // Slack speaks in epoch seconds here; the page shows UTC
  const inward = (value) => (isBoth && value ? new Date(value * 1000).toISOString().slice(0, 16) : (value ?? ""));
  const outward = (value) => (isBoth ? Math.floor(Date.parse(`${value}Z`) / 1000) : value);
  const control = el("input", { ...naming(context), type, value: inward(context.kept?.[key] ?? element[initial]) });
  const read = () => ({ type: element.type, [key]: control.value ? outward(control.value) : null });
  control.addEventListener("change", () => context.changed(read()));
  return { node: control, control, read };
}

const everybody = () => [...workspace.people.values()].filter((person) => !person.is_bot);
const rooms = () => [...workspace.channels.values()].filter((channel) => channel.kind === "channel");

/** Where the options of a select come from and what its answer is called. */
function source(element) {
  const people = () => everybody().map((person) => ({ text: person.name, value: person.id }));
  const channels = () => rooms().map((channel) => ({ text: `#${channel.name}`, value: channel.id }));
  const kind = element.type.replace(/^multi_/, "").replace(/_select$/, "");
  if (kind === "users") return { noun: "user", groups: [{ options: people() }] };
  if (kind === "channels") return { noun: "channel", groups: [{ options: channels() }] };
  if (kind === "conversations") return { noun: "conversation", groups: [{ options: [...channels(), ...people()] }] };
  const shape = (option) => ({ text: words(option.text), value: option.value, option });
  const groups = element.option_groups
    ? element.option_groups.map((group) => ({ label: words(group.label), options: group.options.map(shape) }))
    : [{ options: (element.options ?? []).map(shape) }];
  return { noun: "option", groups };
}

const valueOf = (chosen) => (chosen && typeof chosen === "object" ? chosen.value : chosen);

function oneOf(element, context) {
  const { noun, groups } = source(element);
  const all = groups.flatMap((group) => group.options);
  const key = `selected_${noun}`;
  const start = valueOf(context.kept ? context.kept[key] : element[`initial_${noun}`]) ?? "";
  const option = (choice) => el("option", { value: choice.value }, choice.text);
  const control = el("select", naming(context),
    el("option", { value: "" }, words(element.placeholder) || "Choose…"),
    groups.map((group) => (group.label ? el("optgroup", { label: group.label }, group.options.map(option)) : group.options.map(option))));
  control.value = start;
  const read = () => {
    const choice = all.find((candidate) => candidate.value === control.value) ?? null;
    return { type: element.type, [key]: choice && (noun === "option" ? choice.option : choice.value) };
  };
  control.addEventListener("change", () => context.changed(read()));
  return { node: control, control, read };
}

function choices(element, context, { type, options, start, answer }) {
  const group = freshId("choice");
  const boxes = options.map((choice) => {
    const box = el("input", { type, name: group, value: choice.value });
    box.checked = start.includes(choice.value);
    return { box, choice };
  });
  const picked = () => boxes.filter(({ box }) => box.checked).map(({ choice }) => choice);
  const read = () => ({ type: element.type, ...answer(picked()) });
  const node = el("div", { class: "choices", role: type === "radio" ? "radiogroup" : "group", ...naming(context), on: { change: () => context.changed(read()) } },
    boxes.map(({ box, choice }) => el("label", { class: "choice" }, box,
      el("span", {}, choice.shown ?? choice.text, choice.note && el("span", { class: "choice-note" }, choice.note)))));
  return { node, control: boxes[0]?.box ?? node, read };
}

function manyOf(element, context) {
  const { noun, groups } = source(element);
  const key = `selected_${noun}s`;
  const start = (context.kept ? context.kept[key] : element[`initial_${noun}s`]) ?? [];
  const made = choices(element, context, {
    type: "checkbox", options: groups.flatMap((group) => group.options), start: start.map(valueOf),
    answer: (picked) => ({ [key]: picked.map((choice) => (noun === "option" ? choice.option : choice.value)) }),
  });
  made.node.classList.add("choices-many");
  return made;
}

const shownOption = (option) => ({
  text: words(option.text), value: option.value, option, shown: textObject(option.text),
  note: option.description && textObject(option.description),
});

function radios(element, context) {
  const start = valueOf(context.kept ? context.kept.selected_option : element.initial_option);
  return choices(element, context, {
    type: "radio", options: element.options.map(shownOption), start: [start],
    answer: (picked) => ({ selected_option: picked[0]?.option ?? null }),
  });
}

function checkboxes(element, context) {
  const start = (context.kept ? context.kept.selected_options : element.initial_options) ?? [];
  return choices(element, context, {
    type: "checkbox", options: element.options.map(shownOption), start: start.map(valueOf),
    answer: (picked) => ({ selected_options: picked.map((choice) => choice.option) }),
  });
}

const MAKERS = {
  plain_text_input: textField, email_text_input: textField, url_text_input: textField, number_input: textField,
  datepicker: dateField, timepicker: dateField, datetimepicker: dateField,
  static_select: oneOf, users_select: oneOf, channels_select: oneOf, conversations_select: oneOf,
  multi_static_select: manyOf, multi_users_select: manyOf, multi_channels_select: manyOf, multi_conversations_select: manyOf,
  radio_buttons: radios, checkboxes, file_input: fileField, external_select: externalSelect, multi_external_select: externalSelect,
};

/** The control of an input element, or null where the element is none. */
export function input(element, context) {
  return MAKERS[element.type]?.(element, context) ?? null;
}
