// What should a newcomer do first? One line that knows who one is, until it is dismissed.

import { el, fill, icon } from "./element.js";
import { isCustomer, workspace } from "./workspace.js";

let dismissed = false;

const someone = (test) => [...workspace.people.values()].find((who) => !who.is_bot && test(who)) ?? null;
/** Whether the bot has written to us already: then there is something to do, and nothing to hint at. */
const isBusy = () => [...workspace.channels.values()].some((room) => room.kind === "dm");
const first = (who) => who.name.split(" ")[0];

export function drawWelcome(node, { become, write }) {
  const me = workspace.me;
  const engineer = someone((who) => who.handle === "ana") ?? someone((who) => !isCustomer(who));
  const backup = someone((who) => who.handle === "bo");
  const customer = someone((who) => who.handle === "cy") ?? someone((who) => isCustomer(who));
  node.hidden = dismissed || !engineer || !customer || (!isCustomer() && isBusy());
  if (node.hidden) return;
  const be = (who, room) => el("button", { class: "link-button", type: "button", on: { click: () => become(who.id, room) } }, `be ${first(who)}`);
  const words = "Checkout is down";
  const said = isCustomer()
    ? [`You are ${first(me)}, a customer. Write: `,
      el("button", { class: "link-button", type: "button", on: { click: () => write(words) } }, words),
      ", send it, and say how severe it is in the thread beside. Then ", be(engineer, "@bot"), backup && [" or ", be(backup, "@bot")], ", whoever is paged, and press ", el("em", {}, "Acknowledge"), "."]
    : [`You are ${first(me)}, on the support side. Pages come as direct messages: press `, el("em", {}, "Acknowledge"), ". Nobody has written yet? ",
      customer && be(customer), " and say what is broken."];
  fill(node, el("p", { class: "welcome" }, el("span", {}, said),
    el("button", { class: "button button-icon button-quiet", type: "button", "aria-label": "Dismiss the hint", on: { click: () => {
      dismissed = true;
      node.hidden = true;
    } } }, icon("close"))));
}
