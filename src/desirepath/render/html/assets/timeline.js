/** The timeline: time runs down, feeling to the sides; the space between two stages grows with the time between them. */
const LANE = 380;

function timeline() {
  const v = view();
  const facts = new Map(v.rows.flatMap((row) => row.cells.flat()).map((item) => [item.id, item]));
  const width = narrow.matches ? 92 : LANE;
  const list = h("ol", { class: "timeline" }, v.moments.map((m, i) => stop(m, facts.get(m.id), v, i)));
  const side = h("div", { class: "time-line", "aria-hidden": "true" });
  const holder = h("div", { class: "timeline-wrap", "--lane-width": `${width}px` }, h("p", { class: "quiet" }, word("cumulated")), timeHead(), h("div", { class: "timeline-body" }, side, list));
  side.classList.add("canvas");
  side.redraw = () => side.replaceChildren(timePicture(list, width));
  new ResizeObserver(side.redraw).observe(list);
  return holder;
}

function timeHead() {
  const face = (tone, key) => h("span", { "data-tone": tone }, icon(FACES[tone]), h("span", {}, word(key)));
  return h("div", { class: "time-head", "aria-hidden": "true" }, face("pain", "frustrated"), face("neutral", "neutral"), face("delight", "delighted"));
}

function stop(moment, item, v, index) {
  const stage = moment.kind === "stage", column = v.columns[moment.stage];
  const before = stage ? v.moments.slice(0, index).findLast((m) => m.kind === "stage") : null;
  const space = before?.span_s ? Math.min(64, 8 * Math.log10(1 + before.span_s)) : 0;
  const felt = stage ? column.figures.find((f) => f.id === "emotion") : item?.facts?.find((f) => f.id === "emotion");
  const target = stage ? `stage:${moment.id}` : moment.id;
  const button = h(
    "button",
    { ...opens(target), "data-verdict": moment.verdict, class: "item" },
    stage ? h("span", { class: "number" }, String(moment.stage + 1)) : icon(moment.channel || "other"),
    h(stage ? "h3" : "span", { class: "name" }, moment.label, moment.moment_of_truth ? icon("star", word("moment_of_truth")) : ""),
    h("span", { class: "time" }, moment.text),
    stage ? "" : h("span", { class: "reach" }, bar(item?.share ?? 0, scoreTone(moment.emotion)), h("span", {}, item?.detail ?? "")),
    h("b", { class: "felt", "data-tone": felt?.tone ?? "neutral" }, felt?.text ?? "–"),
    badge(moment.verdict, stage ? column.verdict_label : item?.verdict_label ?? ""),
  );
  const point = v.curves[0].points.find((p) => p.id === moment.id);
  const at = { "data-y": moment.emotion ?? null, "data-low": point?.low ?? null, "data-high": point?.high ?? null, "data-star": moment.moment_of_truth ?? null };
  return h("li", { class: `stop ${moment.kind}`, ...at, "--space": `${space}px` }, tipped(button, moment.label, ...(felt?.tip ?? word("nothing_known")).split(" · ")));
}

/** The line beside the stops, measured from where the stops stand. */
function timePicture(list, width) {
  const top = list.getBoundingClientRect().top;
  const rows = [...list.children].map((li) => {
    const box = li.querySelector("button").getBoundingClientRect();
    return { y: box.top + box.height / 2 - top, score: li.dataset.y === undefined ? null : Number(li.dataset.y), stage: li.classList.contains("stage"), star: li.dataset.star !== undefined, low: li.dataset.low, high: li.dataset.high };
  });
  const height = list.getBoundingClientRect().height;
  if (!height) return "";
  const pad = 14;
  const x = (score) => pad + ((score + 2) / 4) * (width - 2 * pad);
  const touch = rows.filter((r) => !r.stage);
  const picture = s("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  picture.append(sideways(x), s("path", { class: "neutral", d: `M${x(0)},0V${height}` }));
  for (const r of rows.filter((r) => r.stage)) picture.append(s("path", { class: "guide", d: `M0,${r.y}H${width}` }));
  for (const run of runsOf(touch)) {
    picture.append(s("path", { class: "line", d: turned(run.map((r) => [r.y, x(r.score)])), stroke: "url(#sideways)" }));
  }
  for (const r of touch) {
    if (r.low !== undefined) picture.append(s("path", { class: "whisker", d: `M${x(Number(r.low))},${r.y}H${x(Number(r.high))}`, "data-tone": scoreTone(r.score) }));
    if (r.score === null) picture.append(s("circle", { class: "unknown", cx: x(0), cy: r.y, r: 3.5 }));
    else if (r.star) picture.append(s("path", { class: "point star", d: star(x(r.score), r.y, 10), "data-tone": scoreTone(r.score) }));
    else picture.append(s("circle", { class: "point", cx: x(r.score), cy: r.y, r: 5, "data-tone": scoreTone(r.score) }));
  }
  return picture;
}

function sideways(x) {
  const stops = [["0", "pain"], ["0.36", "pain"], ["0.5", "mid"], ["0.64", "delight"], ["1", "delight"]];
  return s("defs", {}, s("linearGradient", { id: "sideways", gradientUnits: "userSpaceOnUse", x1: x(-2), x2: x(2), y1: 0, y2: 0 }, stops.map(([offset, name]) => s("stop", { offset, class: `at-${name}` }))));
}

function runsOf(rows) {
  const all = [[]];
  for (const row of rows) row.score === null ? all.push([]) : all.at(-1).push(row);
  return all.filter((run) => run.length > 1);
}

/** A smooth path with its axes exchanged. */
const turned = (points) => smooth(points).replace(/(-?[\d.]+),(-?[\d.]+)/g, "$2,$1");
