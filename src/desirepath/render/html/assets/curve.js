/** Monotone cubic (Fritsch–Carlson): smooth, and never beyond the points it joins. */
function smooth(points) {
  const n = points.length;
  if (n < 2) return points.length ? `M${points[0][0]},${points[0][1]}` : "";
  const dx = [], slope = [];
  for (let i = 0; i < n - 1; i++) {
    dx.push(points[i + 1][0] - points[i][0]);
    slope.push((points[i + 1][1] - points[i][1]) / dx[i]);
  }
  const tangent = [slope[0]];
  for (let i = 1; i < n - 1; i++) {
    const a = slope[i - 1], b = slope[i];
    const w1 = 2 * dx[i] + dx[i - 1], w2 = dx[i] + 2 * dx[i - 1];
    tangent.push(a * b <= 0 ? 0 : (w1 + w2) / (w1 / a + w2 / b));
  }
  tangent.push(slope[n - 2]);
  let path = `M${round(points[0][0])},${round(points[0][1])}`;
  for (let i = 0; i < n - 1; i++) {
    const third = dx[i] / 3, [x0, y0] = points[i], [x1, y1] = points[i + 1];
    path += `C${[x0 + third, y0 + tangent[i] * third, x1 - third, y1 - tangent[i + 1] * third, x1, y1].map(round).join(",")}`;
  }
  return path;
}

const round = (number) => Math.round(number * 10) / 10;

/** Runs of known points; what is not known stays a gap. */
function runs(points) {
  const all = [[]];
  for (const point of points) point.y === null ? all.push([]) : all.at(-1).push(point);
  return all.filter((run) => run.length);
}

/** The emotion curves over `width` pixels: x runs through the stages, y from +2 at the top to −2. */
function curvePicture(width, height, options = {}) {
  const v = view(), n = v.columns.length;
  const top = options.small ? 20 : 30, bottom = options.small ? 24 : 34;
  const rtl = v.direction === "rtl";
  const x = (p) => (rtl ? width - (p * width) / n : (p * width) / n);
  const measured = v.curves[0], shown = v.curves.filter((curve) => !state.hidden.has(curve.id));
  const most = Math.max(...shown.flatMap((curve) => curve.points).map((p) => Math.abs(p.y ?? 0)));
  const range = [1, 1.5, 2].find((limit) => most <= limit) ?? 2;
  const y = (score) => top + ((range - Math.max(-range, Math.min(range, score))) / (2 * range)) * (height - top - bottom);
  const picture = s("svg", { class: "curve", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": word("emotion_curve") });
  picture.append(gradient("feeling", ...[2, -2].map((score) => top + ((range - score) / (2 * range)) * (height - top - bottom))), ...gaps(measured, x, height, width / n), ...guides(width, y, n, x, height), ...(options.small ? [] : ticks(y)));
  for (const run of runs(measured.points)) picture.append(band(run, x, y));
  for (const curve of v.curves.slice(1)) if (!state.hidden.has(curve.id)) picture.append(...assumed(curve, v.curves.indexOf(curve), x, y));
  for (const run of runs(measured.points)) {
    picture.append(s("path", { class: "line", d: smooth(run.map((p) => [x(p.x), y(p.y)])), stroke: "url(#feeling)" }));
  }
  picture.append(...labels(measured.points, x, y, width, height, options));
  for (const p of measured.points) if (p.y !== null) picture.append(pointMark(p, x, y, options));
  return picture;
}

function gradient(id, top, bottom) {
  return s(
    "defs",
    {},
    s(
      "linearGradient",
      { id, gradientUnits: "userSpaceOnUse", x1: 0, x2: 0, y1: top, y2: bottom },
      s("stop", { offset: "0", class: "at-delight" }),
      s("stop", { offset: "0.36", class: "at-delight" }),
      s("stop", { offset: "0.5", class: "at-mid" }),
      s("stop", { offset: "0.64", class: "at-pain" }),
      s("stop", { offset: "1", class: "at-pain" }),
    ),
    s("pattern", { id: "unknown", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("path", { d: "M0,0V7", class: "hatch" })),
  );
}

function guides(width, y, n, x, height) {
  const lines = [1, -1].map((score) => s("path", { class: "guide", d: `M0,${y(score)}H${width}` }));
  const stages = Array.from({ length: n - 1 }, (_, i) => s("path", { class: "guide", d: `M${round(x(i + 1))},0V${height}` }));
  return [...stages, ...lines, s("path", { class: "neutral", d: `M0,${y(0)}H${width}` })];
}

const ticks = (y) => [1, 0, -1].map((score) => s("text", { class: "tick", x: 5, y: y(score) - 4, "aria-hidden": "true" }, score > 0 ? `+${score}` : String(score).replace("-", "−")));

function gaps(curve, x, height, step) {
  return curve.points
    .filter((p) => p.y === null)
    .flatMap((p) => [
      s("rect", { class: "gap", x: round(x(p.x) - step / 2), y: 0, width: round(step), height, fill: "url(#unknown)" }),
      textWidth(p.tip) < step - 8 ? s("text", { class: "gap-label", x: x(p.x), y: 22, "text-anchor": "middle" }, p.tip) : "",
    ]);
}

function band(run, x, y) {
  const known = run.filter((p) => p.low !== undefined);
  const upper = smooth(known.map((p) => [x(p.x), y(p.high)]));
  const lower = smooth(known.map((p) => [x(p.x), y(p.low)]).reverse());
  return s("path", { class: "band", d: known.length > 1 ? `${upper}L${lower.slice(1)}Z` : "", fill: "url(#feeling)" });
}

function assumed(curve, index, x, y) {
  return runs(curve.points).map((run) => s("path", { class: `assumed n${index}`, d: smooth(run.map((p) => [x(p.x), y(p.y)])) }));
}

/** Labels of the low points below the curve and of clear peaks above it, where they fit. */
function labels(points, x, y, width, height, options) {
  const taken = [], made = [];
  const known = points.filter((p) => p.y !== null);
  const peaks = known.filter((p, i) => p.y >= 1 && p.y >= (known[i - 1]?.y ?? -9) && p.y >= (known[i + 1]?.y ?? -9));
  const wanted = [...known.filter((p) => p.low_point), ...(options.small ? [] : peaks)];
  for (const p of wanted.sort((a, b) => Math.abs(b.y) - Math.abs(a.y))) {
    const text = `${p.label} ${p.text}`;
    const half = textWidth(text) / 2 + 4;
    const cx = Math.min(Math.max(x(p.x), half), width - half);
    const cy = p.y < 0 ? Math.min(y(p.y) + 21, height - 6) : Math.max(y(p.y) - 13, 12);
    if (taken.some(([a, b, c]) => Math.abs(b - cx) < half + a && Math.abs(c - cy) < 15)) continue;
    taken.push([half, cx, cy]);
    made.push(
      s("text", { class: "point-label", x: round(cx), y: round(cy), "text-anchor": "middle", "data-tone": scoreTone(p.y) }, s("tspan", { class: "name" }, `${p.label} `), s("tspan", {}, p.text)),
    );
  }
  return made;
}

function textWidth(text) {
  return [...text].reduce((sum, c) => sum + (c > "\u2e80" ? 12 : c > "\u0370" ? 7.4 : 6.6), 0);
}

function pointMark(p, x, y, options) {
  const cx = round(x(p.x)), cy = round(y(p.y)), r = options.small ? 4 : 5;
  const shape = p.moment_of_truth
    ? s("path", { class: "point star", d: star(cx, cy, options.small ? 8 : 10) })
    : s("circle", { class: "point", cx, cy, r });
  const hit = s("circle", { class: "hit", cx, cy, r: 13 });
  const group = s("g", { ...opens(pointTarget(p.id)), type: null, role: "button", tabindex: "0", class: "mark", "data-tone": scoreTone(p.y), "aria-label": `${p.label}: ${p.tip}${p.moment_of_truth ? ` – ${word("moment_of_truth")}` : ""}` }, hit, shape);
  pressed(group, () => openPanel(pointTarget(p.id), group));
  return tipped(group, p.label, ...p.tip.split(" · "));
}

const pointTarget = (id) => (view().columns.some((c) => c.id === id) ? `stage:${id}` : id);

function star(cx, cy, r) {
  const points = Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 ? r * 0.45 : r, angle = (Math.PI * i) / 5 - Math.PI / 2;
    return `${round(cx + radius * Math.cos(angle))},${round(cy + radius * Math.sin(angle))}`;
  });
  return `M${points.join("L")}Z`;
}
