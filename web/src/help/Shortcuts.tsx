// The sheet of keyboard shortcuts.
import { Modal } from "@mantine/core";
import { useWords } from "../i18n";
import "./help.css";

const KEYS: [string, string[][]][] = [
  [
    "everywhere",
    [
      ["menu", "Ctrl", "K"],
      ["shortcuts", "?"],
      ["close", "Esc"],
    ],
  ],
  [
    "map",
    [
      ["open", "Enter"],
      ["rename", "F2"],
      ["remove", "Delete"],
      ["undo", "Ctrl", "Z"],
      ["redo", "Ctrl", "Shift", "Z"],
      ["fit_whole", "F"],
      ["fit_width", "W"],
    ],
  ],
  [
    "teach",
    [
      ["answer", "1", "…", "5"],
      ["skip", "S"],
      ["back", "Z"],
    ],
  ],
];

export default function Shortcuts({ close }: { close: () => void }) {
  const { t } = useWords();
  return (
    <Modal opened onClose={close} title={t("help.shortcuts")} closeButtonProps={{ "aria-label": t("frame.close") }}>
      {KEYS.map(([where, keys]) => (
        <section key={where} className="keys">
          <h3>{t(`keys.${where}`)}</h3>
          <dl>
            {keys.map(([what, ...press]) => (
              <div key={what}>
                <dt>{t(`keys.${where}.${what}`)}</dt>
                <dd>
                  {press.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
