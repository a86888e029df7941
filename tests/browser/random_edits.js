// Edits the open map at random, by what a person has: a double click, keys, the buttons. `edits(n, seed)` does n of them;
// `sent` holds the ids of what went to the server; `drawn()` says what the map shows.
window.sent = new Set();
const send = window.fetch;
window.fetch = (address, options) => {
  if (options?.method === "POST" && address.endsWith("/edits")) window.sent.add(JSON.parse(options.body).edit_id);
  return send(address, options);
};

window.edits = async (n, seed) => {
  let state = seed * 7919;
  const random = (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => all(selector)[random(Math.max(1, all(selector).length))];
  const pause = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));
  const press = (element, code, key = code) =>
    element.dispatchEvent(new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true }));
  const write = async (text) => {
    await pause();
    const field = document.querySelector("textarea.inline-editor");
    if (!field) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    press(field, "Enter");
  };
  const part = () => one("[data-item] button, .stage-name");
  const actions = {
    rename: async (i) => {
      part()?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
      await write(`text ${seed}.${i}`);
    },
    add: async (i) => {
      one("[data-cell] .add")?.click();
      await write(`new ${seed}.${i}`);
    },
    remove: async () => {
      const item = one("[data-item] button");
      if (item) press(item, "Delete");
    },
    move: async () => {
      const item = part();
      if (!item) return;
      item.focus();
      press(item, "Space", " ");
      await pause(20);
      for (let step = random(4) + 1; step; step--) {
        press(document, ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"][random(4)]);
        await pause();
      }
      press(document, "Space", " ");
      await pause(20);
    },
    undo: async () => document.querySelector("[aria-label=Undo]").click(),
  };
  const often = ["rename", "rename", "rename", "add", "add", "add", "move", "move", "move", "move", "remove", "undo"];
  for (let i = 0; i < n; i++) {
    await actions[often[random(often.length)]](i);
    await pause(random(15));
  }
};

window.drawn = () => {
  const text = (item) => item.querySelector(".item-text").textContent.replace("★ ", "").trim();
  const items = (cell, kind) =>
    [...cell.querySelectorAll(`[data-kind=${kind}]`)].map((item) => [item.dataset.item, text(item)]);
  return [...document.querySelectorAll("[data-stage-head]")].map((head) => {
    const cells = [...document.querySelectorAll(`[data-cell][data-stage="${head.dataset.stageHead}"]`)];
    const cards = Object.fromEntries(cells.map((cell) => [cell.dataset.lane, items(cell, "card")]));
    return {
      id: head.dataset.stageHead,
      name: head.querySelector("button").textContent,
      touchpoints: cells.flatMap((cell) => items(cell, "touchpoint")),
      cards: Object.fromEntries(Object.entries(cards).filter(([, held]) => held.length)),
    };
  });
};
