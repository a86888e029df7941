const MAPS = { matrix: () => (narrow.matches && !matchMedia("print").matches ? stack() : matrix()), timeline, flow };

/** Draws the page anew in another language or form, and keeps what is open and where the keyboard is. */
function show(change) {
  const focused = document.activeElement?.id || (document.activeElement?.dataset?.form ? `[data-form="${change?.form ?? state.form}"]` : null);
  Object.assign(state, change);
  const v = view();
  document.documentElement.lang = v.language;
  document.documentElement.dir = v.direction;
  document.title = v.title;
  const open = state.open;
  const map = h("div", { id: "map", class: "map", tabindex: "-1" }, MAPS[state.form]());
  page.className = `page as-${state.form}`;
  page.style.setProperty("--stages", v.columns.length);
  page.replaceChildren(
    h("a", { class: "skip", href: "#map" }, word("skip")),
    topBar(),
    head(),
    h("main", {}, foremost(), legend(), map, below()),
    h("footer", {}, h("span", {}, word("made_with"), v.version ? ` ${v.version}` : ""), h("span", {}, v.period)),
  );
  panel.hidden = true;
  if (open) {
    state.open = null;
    openPanel(open);
  }
  applyVerdict();
  if (focused) (document.getElementById(focused) ?? document.querySelector(focused.startsWith("[") ? focused : null))?.focus();
}

const page = h("div", { class: "page" });
const wished = remember("theme");
document.documentElement.dataset.theme = wished ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
  if (remember("theme")) return;
  document.documentElement.dataset.theme = event.matches ? "dark" : "light";
  show();
});
narrow.addEventListener("change", () => show());

const asked = new URLSearchParams(location.hash.slice(1));
if (MAPS[asked.get("form")]) state.form = asked.get("form");
if (data.views[asked.get("lang")]) state.language = asked.get("lang");
// several assumed curves at once are a tangle: the first is shown, the others wait in the legend
for (const curve of view().curves.slice(2)) state.hidden.add(curve.id);
document.body.append(page, panel, tip);
show();
