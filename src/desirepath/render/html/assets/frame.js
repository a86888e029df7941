/** Everything around the map: the bar, the head with its figures, what matters most, and what stands below. */
function topBar() {
  const forms = ["matrix", "timeline", "flow"];
  const choose = h(
    "div",
    { class: "forms", role: "group", "aria-label": word("form") },
    forms.map((form) =>
      h("button", { type: "button", "aria-pressed": String(state.form === form), onclick: () => show({ form }), "data-form": form }, icon(form), h("span", {}, word(form))),
    ),
  );
  const languages = Object.keys(data.views);
  const language = h(
    "select",
    { "aria-label": word("language"), onchange: (event) => show({ language: event.target.value }), id: "language" },
    languages.map((tag) => h("option", { value: tag, lang: tag, selected: tag === state.language }, data.names[tag] ?? tag)),
  );
  const dark = document.documentElement.dataset.theme === "dark";
  return h(
    "nav",
    { class: "bar-top", "aria-label": "Desirepath" },
    h("span", { class: "mark-name" }, logo(), h("span", {}, "Desirepath")),
    choose,
    h(
      "span",
      { class: "tools" },
      languages.length > 1 ? language : "",
      h("button", { type: "button", class: "tool", "aria-label": word("theme"), title: word("theme"), "aria-pressed": String(dark), id: "theme", onclick: switchTheme }, icon(dark ? "sun" : "moon")),
      h("button", { type: "button", class: "tool print-button", "aria-label": word("print"), title: word("print"), onclick: () => print() }, icon("print")),
    ),
  );
}

/** The paved path, and the one people walk. */
function logo() {
  return s("svg", { class: "logo", viewBox: "0 0 28 24", "aria-hidden": "true" }, s("path", { class: "paved", d: "M3,20H17V4H25" }), s("path", { class: "walked", d: "M3,20C12,19 14,10 25,4" }));
}

function switchTheme() {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  remember("theme", next);
  document.querySelector(".bar-top").replaceWith(topBar());
  document.getElementById("theme").focus();
}

function head() {
  const v = view();
  const about = [["period", v.period], ["scope", v.scope], ...v.filters.map((f) => ["filters", f])].filter(([, text]) => text);
  return h(
    "header",
    { class: "head" },
    h("ul", { class: "about" }, h("li", { class: "kicker" }, word("map")), about.map(([key, text]) => h("li", { class: key }, h("span", { class: "sr" }, `${word(key)}: `), text))),
    h("div", { class: "titles" }, h("h1", {}, v.title), v.goal ? h("p", { class: "goal" }, v.goal) : ""),
    h(
      "ul",
      { class: "facts", "aria-label": word("overview") },
      v.facts.map((f) => h("li", {}, tipped(h("button", { ...opens(`figure:${f.id}`) }, h("b", { "data-tone": f.tone ?? "neutral" }, f.text), h("span", {}, f.label)), f.label, f.tip, f.definition))),
    ),
  );
}

/** The heaviest findings, at once under the head. */
function foremost() {
  const v = view(), shown = v.findings.slice(0, 4);
  if (!v.findings.length) return "";
  return h(
    "section",
    { class: "foremost", "aria-labelledby": "foremost" },
    h("div", { class: "section-head" }, h("h2", { id: "foremost", class: "kicker" }, word("findings")), v.findings.length > shown.length ? h("button", { ...opens("findings"), class: "more" }, `${word("all")} (${v.findings.length})`) : ""),
    findingList({ ...v, findings: shown }, "tiles"),
  );
}

function findingList(v, style = "list") {
  if (!v.findings.length) return h("p", { class: "quiet" }, word("no_findings"));
  return h(
    "ol",
    { class: `findings ${style}` },
    v.findings.map((item, i) =>
      h(
        "li",
        {},
        h(
          "button",
          { ...opens(item.id), class: "tile", "data-tone": item.tone },
          h("span", { class: "rank" }, String(i + 1)),
          h("span", { class: "what" }, h("span", { class: "tile-place" }, icon(item.tone === "delight" ? "up" : "down", word(item.tone)), item.place), h("span", { class: "tile-text" }, item.text), h("span", { class: "reach" }, bar(item.share ?? 0, item.tone), h("span", {}, item.detail))),
        ),
      ),
    ),
  );
}

/** Verdict filter and legend in one line above the map. */
function legend() {
  const v = view();
  const filter = h(
    "div",
    { class: "verdicts", role: "group", "aria-label": word("verdicts") },
    v.verdicts.map((f) =>
      tipped(
        h("button", { type: "button", class: "chip", "data-verdict": f.id, "aria-pressed": String(state.verdict === f.id), onclick: () => { state.verdict = state.verdict === f.id ? null : f.id; applyVerdict(); } }, icon(f.id), h("span", {}, f.label), h("b", {}, f.text)),
        f.label,
        f.tip,
      ),
    ),
  );
  const kinds = h("ul", { class: "kinds" }, h("li", {}, h("span", { class: "swatch evidence" }), word("from_evidence")), h("li", {}, h("span", { class: "swatch document" }), word("from_document")), h("li", {}, icon("star"), word("moment_of_truth")), state.form === "flow" ? "" : h("li", {}, h("span", { class: "swatch band" }), word("interval_band")));
  const curves = h(
    "div",
    { class: "curves", role: "group", "aria-label": word("emotion_curve") },
    v.curves.some((curve) => curve.kind === "assumed") ? h("span", {}, word("assumed")) : "",
    v.curves.slice(1).map((curve, i) =>
      h("button", { type: "button", class: "chip", "aria-pressed": String(!state.hidden.has(curve.id)), onclick: (event) => toggleCurve(curve.id, event.currentTarget) }, s("svg", { width: 22, height: 8, "aria-hidden": "true" }, s("path", { class: `assumed n${i + 1}`, d: "M1,4H21" })), h("span", {}, curve.label)),
    ),
  );
  return h("div", { class: "legend" }, filter, kinds, state.form === "matrix" ? curves : "");
}

function toggleCurve(id, button) {
  state.hidden.has(id) ? state.hidden.delete(id) : state.hidden.add(id);
  button.setAttribute("aria-pressed", String(!state.hidden.has(id)));
  redrawAll();
}

function applyVerdict() {
  for (const chip of document.querySelectorAll(".chip[data-verdict]")) chip.setAttribute("aria-pressed", String(chip.dataset.verdict === state.verdict));
  for (const item of document.querySelectorAll("#map [data-verdict].item, #map .item:not([data-verdict])")) item.classList.toggle("dim", state.verdict !== null && item.dataset.verdict !== state.verdict);
}

/** What stands below the map. */
function below() {
  const v = view();
  const block = (key, ...content) => h("section", { class: `block ${key}` }, h("h2", {}, word(key)), content);
  const list = (items, empty) => (items.length ? h("ul", { class: "lines" }, items.map((item) => h("li", {}, h("button", { ...opens(item.id), class: "line-item" }, icon(item.channel || (item.kind === "source" ? "measured" : "other")), h("span", { class: "what" }, h("span", {}, item.text), item.detail ? h("span", { class: "small" }, item.detail) : ""), item.share ? bar(item.share) : "")))) : h("p", { class: "quiet" }, word(empty)));
  return h(
    "div",
    { class: "below" },
    block("conformance", factList(v.conformance)),
    block("missing_from_map", list(v.missing, "none_missing")),
    block("never_walked", list(v.never_walked, "all_walked")),
    v.personas.length ? block("personas", v.personas.map(persona)) : "",
    v.notes.length ? block("caveats", h("ul", { class: "notes" }, v.notes.map((note) => h("li", {}, note)))) : "",
    v.coverage.length ? block("coverage", factList(v.coverage)) : "",
    block("sources", v.voice.length ? factList(v.voice) : "", v.sources.length || !v.voice.length ? list(v.sources, "no_evidence") : ""),
  );
}

function persona(p) {
  const lines = ["goals", "needs", "challenges", "motives", "preferred_channels"].filter((key) => p[key]);
  return h("div", { class: "persona" }, h("h3", {}, p.name), p.summary ? h("p", {}, p.summary) : "", lines.length ? h("dl", {}, lines.map((key) => [h("dt", {}, word(key)), h("dd", {}, p[key])])) : "");
}
