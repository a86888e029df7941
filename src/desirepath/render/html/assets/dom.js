const data = JSON.parse(document.getElementById("data").textContent);
const state = { language: data.language, form: data.form, verdict: null, open: null, folded: new Set(), hidden: new Set() };
const narrow = matchMedia("(max-width: 760px)");

const view = () => data.views[state.language];
const word = (key) => view().words[key];

/** An element with its attributes; text children become text, never markup. */
function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function s(tag, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) element.style.setProperty(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false && child !== "") element.append(child);
  }
  return element;
}

/** A bar for a share; decoration, the number stands beside it. */
function bar(share, tone) {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return h("span", { class: "bar", "aria-hidden": "true", "data-tone": tone }, h("span", { "--share": width }));
}

function remember(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(`desirepath.${key}`);
    localStorage.setItem(`desirepath.${key}`, value);
  } catch {
    // a page opened from a file may have no storage: then nothing is remembered
  }
  return null;
}

/** Draws every picture anew, at once, in the width it has now. */
function redrawAll() {
  for (const holder of document.querySelectorAll(".canvas")) holder.redraw();
}

const scoreTone = (score) => (score >= 0.5 ? "delight" : score <= -0.5 ? "pain" : "neutral");
