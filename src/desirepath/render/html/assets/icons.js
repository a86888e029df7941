const SHAPES = {
  // channels
  web: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3.5 9.5h17M3.5 14.5h17M12 3c-5 5.5-5 12.5 0 18M12 3c5 5.5 5 12.5 0 18",
  app: "M8 2.5h8a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5ZM10.5 18.5h3",
  store: "M4 10v10.5h16V10M2.5 9.5 4.5 3.5h15l2 6a3 3 0 0 1-4.700 1.600 3.200 3.200 0 0 1-4.800 0 3.200 3.200 0 0 1-4.800 0A3 3 0 0 1 2.5 9.5ZM9.5 20.5v-5.5h5v5.5",
  phone: "M6.5 3.5 9.5 4l1 4-2 1.5c1 2.5 3.5 5 6 6l1.5-2 4 1 .5 3c0 2-1.5 3.5-3.5 3.5C9.5 20.5 3.5 14.5 3 7c0-2 1.5-3.5 3.5-3.5Z",
  email: "M3 5.5h18v13H3ZM3 6.5l9 7 9-7",
  social: "M12 20.5C6 16.5 3 13 3 9.300A4.600 4.600 0 0 1 12 7.5a4.600 4.600 0 0 1 9 1.800c0 3.700-3 7.200-9 11.200Z",
  chat: "M4 4.5h16v11.5h-9L6.5 20v-4H4ZM8 9h8M8 12h5",
  sms: "M4 4.5h16v11.5h-9L6.5 20v-4H4ZM8 10.200h.1M12 10.200h.1M16 10.200h.1",
  mail: "M4 20.5v-9a4 4 0 0 1 8 0v9ZM8 7.5h8.5a4 4 0 0 1 4 4V17H12M15 11h3.5V8M7 12h2",
  ads: "M3.5 10v4.5l4 .5L18 19.5V5L7.5 9.5ZM7.5 15l1.5 5.5h3L11 16.5M20.5 10.5v3.5",
  partner: "M8 11a3.200 3.200 0 1 0 0-6.400A3.200 3.200 0 0 0 8 11ZM2.5 19.5c0-3.5 2.5-5.5 5.5-5.5s5.5 2 5.5 5.5M15 5a3.200 3.200 0 1 1 1.5 6M16.5 14c3 .2 5 2.200 5 5.5",
  delivery: "M2.5 6h11v10.5h-11ZM13.5 9.5h4l3.5 3.5v3.5h-7.5M7 19.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM17 19.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  kiosk: "M6 3h12v10H6ZM12 13v5M8 20.5h8M9 18h6M9 7h6M9 9.5h3",
  event: "M4 5.5h16v15H4ZM4 10h16M8.5 3v4M15.5 3v4",
  other: "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM12 12h.1",
  // verdicts: a shape each, so that colour is never needed to tell them apart
  supported: "M4.5 12.5 9.5 17.5 19.5 6.5",
  contradicted: "M5 9h14M5 15h14M16 4 8 20",
  stale: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4.5l3 2",
  no_data: "M12 4a8 8 0 0 1 2.600.4M17.700 6.400a8 8 0 0 1 1.900 3.300M19.800 14a8 8 0 0 1-1.700 3.200M14.800 19.5a8 8 0 0 1-4.600.3M6.700 18a8 8 0 0 1-2.200-3.300M4.100 11a8 8 0 0 1 1.300-3.600M8 5.100a8 8 0 0 1 .7-.4",
  // page
  star: "M12 3.200 14.700 9l6.300.7-4.700 4.300 1.300 6.300L12 17.100 6.400 20.300 7.700 14 3 9.700 9.300 9Z",
  measured: "M4.5 20V13M10 20V5M15.5 20v-9M21 20H3",
  note: "M5 3.5h14v12l-5 5H5ZM14 20.5v-5h5",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  print: "M7 8V3.5h10V8M7 17H4V8h16v9h-3M7 14h10v6.5H7Z",
  close: "M6 6l12 12M18 6 6 18",
  chevron: "M7 10l5 5 5-5",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  matrix: "M3.5 4.5h17v15h-17ZM3.5 9.5h17M3.5 14.5h17M9.5 4.5v15",
  timeline: "M6 3v18M6 6.5h12M6 12h8M6 17.5h10",
  flow: "M3.5 6h5M3.5 18h5M15.5 12h5M8.5 6c5 0 2 6 7 6M8.5 18c5 0 2-6 7-6",
  happy: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM8 14c1.800 3 6.200 3 8 0M9 9.5h.1M15 9.5h.1",
  flat: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM8.5 15h7M9 9.5h.1M15 9.5h.1",
  sad: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM8 16.5c1.800-3 6.200-3 8 0M9 9.5h.1M15 9.5h.1",
};
const FACES = { delight: "happy", neutral: "flat", pain: "sad" };
const CHANNELS = {
  website: "web", online: "web", mobile: "app", shop: "store", branch: "store", call: "phone", "e-mail": "email",
  ad: "ads", advertising: "ads", friend: "partner", courier: "delivery", messenger: "chat", letter: "mail",
};

/** A picture of the page's own drawing; `label` only where no word stands beside it. */
function icon(name, label) {
  const known = SHAPES[name] ? name : CHANNELS[String(name).toLowerCase()] ?? "other";
  const named = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return s("svg", { class: `icon i-${known}`, viewBox: "0 0 24 24", ...named }, s("path", { d: SHAPES[known], class: known === "star" ? "full" : null }));
}

function badge(verdict, label) {
  return verdict ? h("span", { class: "badge", "data-verdict": verdict, title: label }, icon(verdict), h("span", { class: "sr" }, label)) : null;
}
