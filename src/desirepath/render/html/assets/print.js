/** Before printing: lay the page out as wide as it takes for head and map to fit one landscape sheet, and the
 *  rest another, then shrink it. */
const SHEET = { width: 1060, height: 690, widest: 2400 };
let screenTheme = null;

function startPrinting() {
  const root = document.documentElement;
  closePanel();
  screenTheme = root.dataset.theme;
  root.dataset.theme = "light";
  root.classList.add("printing");
  let width = narrow.matches ? SHEET.width : 1400;
  for (let i = 0; i < 5; i++) {
    root.style.setProperty("--sheet", `${Math.round(width)}px`);
    redrawAll();
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    const sheets = [box("#map").bottom - box(".head").top, box("footer").bottom - box(".below").top];
    const excess = Math.max(...sheets) / width / (SHEET.height / SHEET.width);
    if (excess <= 1 || width >= SHEET.widest) break;
    width = Math.min(SHEET.widest, width * Math.max(1.03, Math.sqrt(excess)));
  }
  root.style.setProperty("--zoom", String(SHEET.width / width));
}

function stopPrinting() {
  document.documentElement.classList.remove("printing");
  document.documentElement.dataset.theme = screenTheme ?? "light";
  redrawAll();
}

addEventListener("beforeprint", startPrinting);
addEventListener("afterprint", stopPrinting);
