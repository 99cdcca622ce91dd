// How does the page ask the workspace? JSON over HTTP; a refusal becomes one sentence for the viewer.

export class Refusal extends Error {}

async function answer(response) {
  let body;
  try {
    body = await response.json();
  } catch {
    throw new Refusal(`The workspace answered ${response.status} without saying why.`);
  }
  if (body.ok === false && !body.errors) throw new Refusal(body.error ?? "The workspace refused without saying why.");
  return body;
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refusal("The workspace cannot be reached. Is it still running?");
  }
  return answer(response);
}

export function get(path, query = {}) {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null && value !== undefined));
  return ask(`${path}?${search}`, { headers: { Accept: "application/json" } });
}

export function post(path, body) {
  return ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}
