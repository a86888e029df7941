/** One tooltip for the page: it comes on hover and on keyboard focus, and goes with Escape. */
const tip = h("div", { class: "tip", id: "tip", role: "tooltip", hidden: true });

function tipped(element, title, ...lines) {
  const text = lines.filter(Boolean);
  if (!title && !text.length) return element;
  const show = () => {
    tip.replaceChildren(title ? h("b", {}, title) : "", ...text.map((line) => h("span", {}, line)));
    tip.hidden = false;
    const box = element.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left + box.width / 2 - tip.offsetWidth / 2), document.documentElement.clientWidth - tip.offsetWidth - 8);
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 60 ? above : box.bottom + 8}px`;
    element.setAttribute("aria-describedby", "tip");
  };
  const hide = () => {
    tip.hidden = true;
    element.removeAttribute("aria-describedby");
  };
  element.addEventListener("mouseenter", show);
  element.addEventListener("mouseleave", hide);
  element.addEventListener("focus", () => element.matches(":focus-visible") && show());
  element.addEventListener("blur", hide);
  return element;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!tip.hidden) tip.hidden = true;
  else closePanel();
});
document.addEventListener("scroll", () => (tip.hidden = true), { passive: true, capture: true });
