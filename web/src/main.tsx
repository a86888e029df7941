import "./ui/mantine.css";
import "./ui/tokens.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { start } from "./i18n";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
start().then(() => createRoot(root).render(<App />));
