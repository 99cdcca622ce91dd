// How does a click reach the app? Every surface (message, modal, home) sends its action with the state around it.

import { post } from "./api.js";
import { Form } from "./form.js";
import { attempt } from "./toast.js";
import { workspace } from "./workspace.js";

/** Context for blocks(): `place` is {channel, ts} or {view_id}. */
export function surface(place, initial = {}) {
  const form = new Form(initial);
  const act = (action) => attempt(() =>
    post("/page/act", { as: workspace.me.id, action: { ...place, ...action }, state: form.values() }));
  const options = async (action) => {
    let found = [];
    await attempt(async () => {
      const answer = await post("/page/options", { as: workspace.me.id, action: { ...place, ...action } });
      found = (answer.options ?? []).flatMap((one) => one.options ?? [one]);
    });
    return found;
  };
  return { form, act, options };
}
