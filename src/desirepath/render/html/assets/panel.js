/** The side panel: never a modal, the map stays usable beside it. It opens anything that has an id down to its evidence. */
const panel = h("aside", { class: "panel", id: "panel", hidden: true, tabindex: "-1" });
let opener = null;

function openPanel(id, from) {
  if (state.open === id && from) return closePanel();
  const content = contentOf(id);
  if (!content) return;
  opener = from ?? opener;
  state.open = id;
  panel.setAttribute("aria-label", word("details"));
  panel.replaceChildren(
    h("button", { class: "close", type: "button", "aria-label": word("close"), onclick: closePanel }, icon("close")),
    ...content,
  );
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add("beside");
  mark();
  if (from) panel.focus({ preventScroll: true });
}

function closePanel() {
  if (panel.hidden) return;
  const id = state.open;
  panel.hidden = true;
  document.body.classList.remove("beside");
  state.open = null;
  mark();
  focusOn(opener, id);
  opener = null;
}

/** Gives the keyboard back to what opened the panel, or to what was drawn in its place meanwhile. */
function focusOn(element, id) {
  if (!element) return;
  redrawAll();
  const again = [...document.querySelectorAll("[data-open]")].filter((other) => other.dataset.open === id);
  const same = element.isConnected ? element : again.find((other) => other.classList[0] === element.classList[0]);
  same?.focus({ preventScroll: true });
}

function mark() {
  for (const element of document.querySelectorAll("[data-open]")) {
    element.setAttribute("aria-expanded", String(element.dataset.open === state.open));
  }
}

/** Attributes of a button that opens `id` in the panel. */
function opens(id) {
  return {
    type: "button",
    "data-open": id,
    "aria-controls": "panel",
    "aria-expanded": String(state.open === id),
    onclick: (event) => openPanel(id, event.currentTarget),
  };
}

/** Enter and space press what is a button only by its role. */
function pressed(element, act) {
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  });
}

function contentOf(id) {
  const v = view();
  if (id === "findings") return findingsContent(v);
  const column = v.columns.find((c) => `stage:${c.id}` === id);
  if (column) return stageContent(column);
  const [kind, name] = id.split(":");
  if (kind === "figure") {
    const figure = [...v.facts, ...v.conformance].find((f) => f.id === name);
    return figure && figureContent(figure);
  }
  const item = itemsOf(v).find((i) => i.id === id);
  return item && itemContent(item);
}

function itemsOf(v) {
  return [...v.findings, ...v.rows.flatMap((row) => row.cells.flat()), ...v.missing, ...v.never_walked, ...v.sources];
}

function itemContent(item) {
  const origin = item.source === "evidence" ? word("from_evidence") : word("from_document");
  const told = ["touchpoint", "finding"].includes(item.kind); // their facts say it all
  const why = item.facts?.find((f) => f.id === "verdict")?.tip;
  return [
    h("p", { class: "kicker" }, origin, item.place ? ` · ${item.place}` : ""),
    h("h2", { "data-tone": item.tone ?? "neutral" }, item.channel ? icon(item.channel) : "", item.text),
    item.verdict && h("p", { class: "stamp", "data-verdict": item.verdict }, icon(item.verdict), item.verdict_label),
    item.moment_of_truth && h("p", { class: "stamp star" }, icon("star"), word("moment_of_truth")),
    why && h("p", { class: "quiet" }, why),
    !told && item.tip && item.tip !== why && h("p", { class: "lead" }, item.tip),
    !told && item.detail && h("p", { class: "quiet" }, item.detail),
    item.weight !== undefined && weight(item),
    factList((item.facts ?? []).filter((f) => f.id !== "verdict")),
    ...(item.kind === "touchpoint" ? stepsContent(item.id) : []),
  ].filter(Boolean);
}

function weight(item) {
  return h("div", { class: "weight" }, h("span", {}, word("weight")), bar(item.weight, item.tone));
}

function stageContent(column) {
  return [
    h("p", { class: "kicker" }, word("stage")),
    h("h2", {}, column.name),
    h("p", { class: "stamp", "data-verdict": column.verdict }, icon(column.verdict), column.verdict_label),
    column.verdict_tip && h("p", { class: "quiet" }, column.verdict_tip),
    column.goal && h("p", { class: "lead" }, column.goal),
    column.description && h("p", { class: "quiet" }, column.description),
    factList([...column.figures, ...(column.owner ? [{ id: "owner", label: word("owner"), text: column.owner }] : [])]),
  ].filter(Boolean);
}

function figureContent(figure) {
  return [h("p", { class: "kicker" }, word("map")), h("h2", {}, figure.label), factList([figure])];
}

function findingsContent(v) {
  return [h("p", { class: "kicker" }, word("from_evidence")), h("h2", {}, word("findings")), findingList(v)];
}

function factList(facts) {
  return h(
    "dl",
    { class: "facts-list" },
    facts.map((f) => [
      h("dt", {}, f.label),
      h(
        "dd",
        {},
        h("b", { "data-tone": f.tone ?? "neutral" }, f.text),
        f.bar !== undefined ? bar(f.bar, f.tone) : "",
        f.tip ? h("span", {}, f.tip) : "",
        f.definition ? h("span", { class: "quiet" }, f.definition) : "",
      ),
    ]),
  );
}

/** Where customers come from and go to: the edges of the flow, readable without the picture. */
function stepsContent(id) {
  const steps = view().edges.filter((e) => e.source === id || e.target === id);
  if (!steps.length) return [];
  return [
    h("h3", {}, word("from_to")),
    h(
      "ul",
      { class: "steps" },
      steps.map((e) => h("li", { class: e.drawn ? "" : "off" }, e.text, bar(e.weight), e.drawn ? "" : h("span", { class: "quiet" }, word(e.back ? "back" : "undrawn")))),
    ),
  ];
}
