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
  return { form, act };
}
