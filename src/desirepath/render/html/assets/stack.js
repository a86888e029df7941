/** The matrix on a narrow screen: the curve first, then one stage after the other, each with its own lanes. */
function stack() {
  const v = view();
  const holder = h("div", { class: "curve-holder" });
  fitCurve(holder, 190, { small: true });
  const jump = h("nav", { class: "stages-nav", "aria-label": word("stages") }, v.columns.map((c, i) => h("a", { href: `#s-${i}` }, h("span", { class: "number" }, String(i + 1)), c.name)));
  const sections = v.columns.map((column, i) => stageSection(v, column, i));
  watch(jump, sections);
  return h("div", { class: "stack" }, h("h2", { class: "kicker" }, word("emotion_curve")), holder, jump, sections);
}

function stageSection(v, column, index) {
  const lanes = v.rows.filter((row) => row.cells[index].length);
  return h(
    "section",
    { id: `s-${index}`, class: "stage-section", "aria-labelledby": `s-${index}-name` },
    h("div", { class: "stage-top" }, h("h2", { id: `s-${index}-name` }, h("span", { class: "number" }, String(index + 1)), column.name), badge(column.verdict, column.verdict_label)),
    column.goal ? h("p", { class: "goal" }, column.goal) : "",
    h(
      "ul",
      { class: "figures" },
      column.figures.filter((f) => f.text !== "–").map((f) => h("li", {}, h("button", { ...opens(`stage:${column.id}`) }, h("span", {}, f.label), h("b", { "data-tone": f.tone ?? "neutral" }, f.text), f.bar !== undefined ? bar(f.bar) : ""))),
    ),
    lanes.map((row) => h("section", { class: `lane-block ${row.id}` }, h("h3", { class: "kicker" }, row.label), items(row.cells[index]))),
  );
}

/** Marks the stage in view in the row of stages. */
function watch(nav, sections) {
  const links = [...nav.children];
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        const at = sections.indexOf(entry.target);
        links.forEach((link, i) => (i === at ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
        nav.scrollTo({ left: links[at].offsetLeft - 16 });
      }
    },
    { rootMargin: "-20% 0px -70% 0px" },
  );
  sections.forEach((section) => seen.observe(section));
}
