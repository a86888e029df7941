/** The flow: every touchpoint in its stage, the walked steps as ribbons over the drawn order. */
const NODE = { narrowest: 128, gap: 24 };

function flow() {
  const v = view();
  const holder = h("div", { class: "flow-wrap", tabindex: "0", role: "region", "aria-label": word("flow") });
  const body = h("div", { class: "flow-body" });
  const ranked = [...v.edges].sort((a, b) => b.weight - a.weight);
  let shown = enough(ranked), drawn = 0;
  const draw = () => {
    const width = Math.max(body.clientWidth, v.columns.length * (NODE.narrowest + 44));
    drawn = body.clientWidth;
    holder.replaceChildren(flowPicture(v, width, new Set(ranked.slice(0, shown))));
  };
  const choose = (number) => {
    shown = number;
    draw();
  };
  body.classList.add("canvas");
  body.redraw = draw;
  new ResizeObserver(() => body.clientWidth !== drawn && draw()).observe(body);
  body.append(holder);
  return h("div", { class: "flow" }, flowLegend(ranked.length, shown, choose), body);
}

/** So many of the most frequent steps that they make up most of the walking: beyond that a flow is a tangle. */
function enough(ranked) {
  const all = ranked.reduce((sum, e) => sum + e.weight, 0);
  let sum = 0;
  const at = ranked.findIndex((e) => (sum += e.weight) >= all * 0.75);
  return Math.max(Math.min(ranked.length, 12), Math.min(at + 1, 40));
}

function flowLegend(all, shown, choose) {
  const key = (name, text) => h("li", { class: name }, s("svg", { width: 30, height: 10, "aria-hidden": "true" }, s("path", { d: "M1,5H29" })), text);
  return h("ul", { class: "flow-legend" }, key("drawn", word("drawn")), key("off", word("undrawn")), key("ghost", word("unmatched")), h("li", { class: "shown" }, slider(all, shown, choose)));
}

function slider(all, shown, choose) {
  const output = h("output", {}, `${shown} / ${all}`);
  const input = h("input", { type: "range", min: Math.min(1, all), max: all, value: shown, oninput: (event) => {
    output.textContent = `${event.target.value} / ${all}`;
    choose(Number(event.target.value));
  } });
  return h("label", {}, h("span", {}, word("steps_shown")), input, output);
}

function flowPicture(v, width, shown) {
  const n = v.columns.length, step = width / n;
  const links = v.edges.filter((e) => v.nodes.some((node) => node.id === e.source) && v.nodes.some((node) => node.id === e.target));
  const titles = v.columns.map((column, i) => wrap(`${i + 1}  ${column.name}`, step - 20, 7.8));
  const under = 28 + 18 * Math.max(...titles.map((lines) => lines.length));
  const places = layout(v, step, under + 22);
  const height = Math.max(...[...places.values()].map((p) => p.y + p.height)) + 70;
  const rtl = v.direction === "rtl";
  if (rtl) for (const p of places.values()) p.x = width - p.x - p.width;
  const picture = s("svg", { class: "flow-picture", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": word("flow") });
  picture.append(s("defs", {}, s("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" }, s("path", { class: "arrow", d: "M0,0.5L7,4L0,7.5Z" }))));
  v.columns.forEach((column, i) => {
    const x = rtl ? width - (i + 1) * step : i * step;
    picture.append(s("rect", { class: `column ${i % 2 ? "odd" : "even"}`, x, y: 0, width: step, height }));
    picture.append(...stageTitle(column, titles[i], x + step / 2, under));
  });
  if (links.some((e) => places.get(e.target).stage > places.get(e.source).stage + 1)) for (const p of places.values()) p.y += 22;
  links.sort((a, b) => a.weight - b.weight);
  const drawnEdges = links.map((edge) => edgePath(edge, places, v, shown.has(edge)));
  picture.append(...drawnEdges);
  for (const node of v.nodes) picture.append(nodePicture(node, places.get(node.id), picture));
  return picture;
}

function stageTitle(column, lines, middle, under) {
  const entered = column.figures.find((f) => f.id === "entered");
  return [
    ...lines.map((line, i) => s("text", { class: "flow-stage", x: middle, y: 26 + i * 18, "text-anchor": "middle" }, line)),
    s("text", { class: "flow-count", x: middle, y: under, "text-anchor": "middle" }, entered ? `${entered.text} · ${entered.tip ?? ""}` : ""),
  ];
}

/** Touchpoints from the top, events without a touchpoint below them; those without a stage go into the last column. */
function layout(v, step, top) {
  const places = new Map(), filled = v.columns.map(() => top), width = Math.min(step - 44, 190);
  for (const node of v.nodes) {
    const stage = node.stage < 0 ? v.columns.length - 1 : node.stage;
    const lines = wrap(node.label, width - 38, 7);
    const height = lines.length > 1 ? 56 : 41;
    places.set(node.id, { x: stage * step + (step - width) / 2, y: filled[stage], stage, width, height, lines });
    filled[stage] += height + NODE.gap;
  }
  return places;
}

function edgePath(edge, places, v, shown) {
  const a = places.get(edge.source), b = places.get(edge.target);
  const weight = Math.max(1.2, edge.weight * 15);
  const path = s("path", { class: `edge ${edge.drawn ? "drawn" : "off"}${shown ? "" : " rare"}`, d: route(a, b, v.direction === "rtl" ? -1 : 1), "stroke-width": round(weight), "data-from": edge.source, "data-to": edge.target, "marker-end": edge.drawn ? null : "url(#arrow)" });
  return tipped(path, "", edge.text, edge.drawn ? word("drawn") : word(edge.back ? "back" : "undrawn"));
}

/** Forward from side to side, over a skipped stage above, back below; in a stage straight down or round the side. */
function route(a, b, sign) {
  const right = (p) => (sign > 0 ? p.x + p.width : p.x), left = (p) => (sign > 0 ? p.x : p.x + p.width);
  const middle = (p) => p.y + p.height / 2, centre = (p) => p.x + p.width / 2;
  if (b.stage > a.stage + 1) {
    const high = Math.min(a.y, b.y) - 24 - (b.stage - a.stage) * 8;
    return `M${centre(a)},${a.y}C${centre(a)},${high} ${centre(b)},${high} ${centre(b)},${b.y - 3}`;
  }
  if (b.stage > a.stage) {
    const x0 = right(a), x1 = left(b), pull = Math.max(26, Math.abs(x1 - x0) * 0.45) * sign;
    return `M${x0},${middle(a)}C${x0 + pull},${middle(a)} ${x1 - pull},${middle(b)} ${x1},${middle(b)}`;
  }
  if (b.stage < a.stage) {
    const low = Math.max(a.y + a.height, b.y + b.height) + 30 + (a.stage - b.stage) * 8;
    return `M${centre(a)},${a.y + a.height}C${centre(a)},${low} ${centre(b)},${low} ${centre(b)},${b.y + b.height + 3}`;
  }
  const below = b.y > a.y, between = below ? b.y - a.y - a.height : a.y - b.y - b.height;
  if (between <= NODE.gap) return below ? `M${centre(a)},${a.y + a.height}V${b.y}` : `M${centre(a) + 14 * sign},${a.y}V${b.y + b.height}`;
  const bulge = sign * (14 + between * 0.1);
  return `M${right(a)},${middle(a)}C${right(a) + bulge},${middle(a)} ${right(b) + bulge},${middle(b)} ${right(b)},${middle(b)}`;
}

function nodePicture(node, place, picture) {
  const { width, height, lines } = place;
  const button = s("rect", { class: "hit", width, height, rx: 8, ...opens(node.id), type: null, role: "button", tabindex: "0", "aria-label": `${node.label}: ${node.text}` });
  const light = (on) => {
    picture.classList.toggle("lit", on);
    for (const edge of picture.querySelectorAll(".edge")) edge.classList.toggle("on", on && (edge.dataset.from === node.id || edge.dataset.to === node.id));
  };
  for (const [name, on] of [["mouseenter", true], ["mouseleave", false], ["focus", true], ["blur", false]]) button.addEventListener(name, () => light(on));
  pressed(button, () => openPanel(node.id, button));
  return s(
    "g",
    { class: `node${node.walked ? "" : " unwalked"}${node.ghost ? " ghost" : ""}`, transform: `translate(${round(place.x)},${round(place.y)})`, "data-tone": node.tone },
    s("rect", { width, height, rx: 8, class: "box" }),
    s("rect", { x: 8, y: height - 4, width: round(Math.max(2, node.reach * (width - 16))), height: 3, rx: 1.5, class: "reach" }),
    s("g", { transform: "translate(9,7)" }, s("svg", iconBox, s("path", { d: shapeOf(node.channel || "other") }))),
    s("g", { "aria-hidden": "true" }, lines.map((line, i) => s("text", { x: 31, y: 17 + i * 15, class: "node-name" }, line)), s("text", { x: 31, y: height - 10, class: "node-reach" }, node.text)),
    tipped(button, node.label, node.text),
  );
}

const iconBox = { class: "icon", width: 15, height: 15, viewBox: "0 0 24 24" };
const shapeOf = (name) => SHAPES[name] ?? SHAPES[CHANNELS[String(name).toLowerCase()] ?? "other"];

const glyph = (c, latin) => (c > "\u2e80" ? latin * 1.75 : c > "\u0370" && c < "\u0530" ? latin * 1.08 : latin);

/** Two lines at most, broken between words where there are any; what does not fit stands in the tip and the panel. */
function wrap(text, width, latin) {
  const words = text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/g) ?? [""];
  const size = (part) => [...part.trimEnd()].reduce((sum, c) => sum + glyph(c, latin), 0);
  const lines = [""];
  for (const part of words) {
    if (lines.at(-1) && size(lines.at(-1) + part) > width && lines.length < 2) lines.push("");
    lines[lines.length - 1] += part;
  }
  return lines.map((line) => shorten(line.trim(), width, latin));
}

/** As much of a text as fits, by rough widths. */
function shorten(text, width, latin) {
  let used = 0, kept = "";
  for (const c of text) {
    used += glyph(c, latin);
    if (used > width) return `${kept.trimEnd()}…`;
    kept += c;
  }
  return text;
}
