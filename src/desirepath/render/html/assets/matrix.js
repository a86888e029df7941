/** The matrix: stages across, lanes down, the curve between them. A real table, so that it reads without eyes too. */
function matrix() {
  const v = view(), n = v.columns.length;
  const table = h(
    "table",
    { class: "matrix" },
    h("caption", { class: "sr" }, `${v.title} – ${word("matrix")}`),
    h("colgroup", {}, h("col", { class: "lane-col" }), v.columns.map(() => h("col"))),
    h("thead", {}, h("tr", {}, h("th", { class: "corner", scope: "col" }, h("span", { class: "kicker" }, word("stages"))), v.columns.map(stageHead))),
    h("tbody", {}, numbersRow(v), curveRow(n), ...v.rows.flatMap((row) => (row.id === "backstage" ? [visibilityLine(n), laneRow(row)] : [laneRow(row)]))),
  );
  return h("div", { class: "matrix-wrap" }, table);
}

function stageHead(column, index) {
  const entered = column.figures.find((f) => f.id === "entered"), dropped = column.figures.find((f) => f.id === "drop_rate");
  return h(
    "th",
    { scope: "col", class: "stage" },
    tipped(
      h(
        "button",
        { ...opens(`stage:${column.id}`), class: "stage-button" },
        h("span", { class: "stage-name" }, h("span", { class: "number" }, String(index + 1)), h("span", {}, column.name)),
        entered ? h("span", { class: "flowing" }, h("span", { class: "funnel", "aria-hidden": "true" }, h("span", { "--share": `${(entered.bar ?? 0) * 100}%` })), h("span", { class: "pair" }, h("span", {}, h("span", { class: "sr" }, `${entered.label} `), entered.text), badge(column.verdict, column.verdict_label), dropped?.bar !== undefined ? h("span", { class: "drop" }, h("span", { class: "sr" }, `${dropped.label} `), icon("down"), dropped.text) : "")) : "",
      ),
      entered && `${entered.label}: ${entered.text}`,
      entered?.tip,
      dropped?.bar !== undefined && `${dropped.label}: ${dropped.text} (${dropped.tip})`,
    ),
  );
}

function numbersRow(v) {
  return h(
    "tr",
    { class: "numbers" },
    h("th", { scope: "row", class: "lane" }, h("span", { class: "lane-name" }, word("customer_goal"))),
    v.columns.map((column) =>
      h(
        "td",
        {},
        column.goal ? h("p", { class: "goal" }, column.goal) : "",
        h(
          "ul",
          { class: "figures" },
          column.figures.filter((f) => !["entered", "drop_rate"].includes(f.id)).slice(0, 4).map((f) =>
            h("li", {}, tipped(h("button", { ...opens(`stage:${column.id}`) }, h("span", {}, f.label), h("b", { "data-tone": f.tone ?? "neutral" }, f.text)), f.label, f.tip)),
          ),
        ),
      ),
    ),
  );
}

function curveRow(n) {
  const holder = h("div", { class: "curve-holder" });
  fitCurve(holder, 220);
  const face = (tone, key, score) => h("li", { "data-tone": tone }, icon(FACES[tone]), h("span", {}, word(key)), h("span", { class: "sr" }, score));
  return h(
    "tr",
    { class: "curve-row" },
    h(
      "th",
      { scope: "row", class: "lane" },
      h("span", { class: "lane-name" }, word("emotion_curve")),
      h("ul", { class: "faces" }, face("delight", "delighted", "+2"), face("neutral", "neutral", "0"), face("pain", "frustrated", "−2")),
    ),
    h("td", { colspan: n }, holder),
  );
}

/** Draws the curve in the width that its holder has, again whenever that changes. */
function fitCurve(holder, height, options) {
  let drawn = 0;
  holder.style.setProperty("--height", `${height}px`);
  const draw = () => {
    const width = Math.floor(holder.clientWidth);
    if (width > 0 && width !== drawn) {
      drawn = width;
      holder.replaceChildren(curvePicture(width, height, options));
    }
  };
  holder.classList.add("canvas");
  holder.redraw = () => {
    drawn = 0;
    draw();
  };
  new ResizeObserver(draw).observe(holder);
}

function visibilityLine(n) {
  return h("tr", { class: "visibility" }, h("td", { colspan: n + 1 }, h("span", {}, word("line_of_visibility"))));
}

function laneRow(row) {
  const folded = state.folded.has(row.id);
  const count = row.cells.flat().length;
  const toggle = h(
    "button",
    { type: "button", class: "fold", "aria-expanded": String(!folded), title: word(folded ? "show_lane" : "hide_lane") },
    icon("chevron"),
    h("span", {}, row.label),
    folded ? h("span", { class: "count" }, String(count)) : "",
  );
  const tr = h("tr", { class: `lane-row ${row.id}${folded ? " folded" : ""}` }, h("th", { scope: "row", class: "lane" }, toggle), row.cells.map((cell) => h("td", {}, folded ? cellCount(cell) : items(cell))));
  toggle.addEventListener("click", () => {
    folded ? state.folded.delete(row.id) : state.folded.add(row.id);
    const again = laneRow(row);
    tr.replaceWith(again);
    again.querySelector(".fold").focus();
    applyVerdict();
  });
  return tr;
}

const cellCount = (cell) => (cell.length ? h("span", { class: "count" }, String(cell.length)) : "");

function items(cell) {
  if (!cell.length) return null;
  const found = cell.filter((item) => item.kind === "finding"), lesser = new Set(found.slice(MOST));
  const list = h("ul", { class: "items" }, cell.filter((item) => !lesser.has(item)).map((item) => h("li", {}, itemButton(item))));
  if (lesser.size) list.append(h("li", {}, moreButton(list, [...lesser])));
  return list;
}

/** The lighter findings of a cell wait behind one button. */
const MOST = 3;

function moreButton(list, lesser) {
  const button = h("button", { type: "button", class: "rest", "aria-label": `${word("show_all")} (+${lesser.length})` }, `+${lesser.length}`);
  button.addEventListener("click", () => {
    const entries = lesser.map((item) => h("li", {}, itemButton(item)));
    button.parentElement.replaceWith(...entries);
    entries[0].querySelector("button").focus();
    applyVerdict();
  });
  return button;
}

/** Evidence is a tinted block with its mark, the team's own is a note on paper; a touchpoint is a line of its own kind. */
function itemButton(item) {
  const body = item.kind === "touchpoint" ? touchpoint(item) : item.kind === "finding" ? finding(item) : item.kind === "metric" ? metric(item) : card(item);
  const lines = item.kind === "touchpoint" ? [item.detail, item.tip, item.verdict_label] : [item.verdict_label, item.tip];
  const shown = { class: `item ${item.kind} ${item.source}`, "data-tone": item.tone ?? "neutral", "data-verdict": item.verdict };
  return tipped(h("button", { ...opens(item.id), ...shown }, body), item.kind === "touchpoint" ? item.text : "", ...lines);
}

function touchpoint(item) {
  return [
    icon(item.channel || "other"),
    h("span", { class: "what" }, h("span", {}, item.text, item.moment_of_truth ? icon("star", word("moment_of_truth")) : ""), h("span", { class: "reach" }, bar(item.share ?? 0), h("span", {}, item.share ? percent(item) : item.detail))),
    badge(item.verdict, item.verdict_label),
  ];
}

/** The share alone: the lane says of what. */
const percent = (item) => item.facts.find((f) => f.id === "reach")?.text ?? item.detail;

function finding(item) {
  return [
    icon(item.tone === "delight" ? "up" : "down"),
    h("span", { class: "what" }, h("span", { class: "sr" }, `${word("from_evidence")}: `), h("span", {}, item.text), h("span", { class: "reach" }, bar(item.share ?? 0, item.tone), h("span", {}, item.detail))),
  ];
}

function metric(item) {
  return [icon("measured"), h("span", { class: "what" }, h("span", {}, item.text), h("span", { class: "small" }, item.detail))];
}

function card(item) {
  return [h("span", { class: "what" }, h("span", {}, item.text), item.detail ? h("span", { class: "small" }, item.detail) : ""), badge(item.verdict, item.verdict_label)];
}
