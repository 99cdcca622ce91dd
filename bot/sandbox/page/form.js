// What has been filled in? The inputs of one message or view, read as Slack's `state.values` on demand.

export class Form {
  constructor(initial = {}) {
    this.initial = initial; // values kept over a redraw, as Slack keeps them by block_id and action_id
    this.readers = new Map();
    this.checks = new Map();
  }

  /** `read()` returns one action's state, e.g. {type, value}. */
  put(blockId, actionId, read) {
    if (!this.readers.has(blockId)) this.readers.set(blockId, new Map());
    this.readers.get(blockId).set(actionId, read);
  }

  /** `check(state)` returns a sentence where the input is wrong, else null. */
  demand(blockId, check) {
    this.checks.set(blockId, check);
  }

  kept(blockId, actionId) {
    return this.initial[blockId]?.[actionId] ?? null;
  }

  values() {
    const values = {};
    for (const [blockId, actions] of this.readers) {
      values[blockId] = {};
      for (const [actionId, read] of actions) values[blockId][actionId] = read();
    }
    return values;
  }

  /** {block_id: sentence} for what Slack's own client refuses before it asks the app. */
  faults() {
    const faults = {};
    const values = this.values();
    for (const [blockId, check] of this.checks) {
      const fault = check(Object.values(values[blockId] ?? {})[0] ?? {});
      if (fault) faults[blockId] = fault;
    }
    return faults;
  }
}

/** Whether one action's state holds anything. */
export function isFilled(state) {
  return [
    state.value, state.selected_option, state.selected_date, state.selected_time, state.selected_date_time,
    state.selected_user, state.selected_channel, state.selected_conversation,
  ].some((value) => value !== undefined && value !== null && value !== "")
    || [state.selected_options, state.selected_users, state.selected_channels, state.selected_conversations]
      .some((value) => value?.length);
}

/** The check of one input block: required unless optional, and the element's own limits. */
export function demandOf(block) {
  const { element } = block;
  return (state) => {
    if (!isFilled(state)) return block.optional ? null : "Please fill in this field.";
    const { length } = String(state.value ?? "");
    if (element.min_length && length < element.min_length) return `Please write at least ${element.min_length} characters.`;
    if (element.max_length && length > element.max_length) return `Please write at most ${element.max_length} characters (now ${length}).`;
    if (element.type === "email_text_input" && !/^\S+@\S+$/.test(state.value)) return "Please write an e-mail address.";
    if (element.type === "url_text_input" && !/^\S+:\/\/\S+$/.test(state.value)) return "Please write a whole address, https:// and all.";
    if (element.type === "number_input") return numberFault(element, state.value);
    return null;
  };
}

function numberFault(element, value) {
  const number = Number(value);
  if (Number.isNaN(number)) return "Please write a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please write a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `The least is ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `The most is ${element.max_value}.`;
  return null;
}
