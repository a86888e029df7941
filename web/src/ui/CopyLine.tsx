// A text to take along: a link, a key. Where the browser does not let pages copy, it stands marked.
import { Button, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { useWords } from "../i18n";

export function CopyLine({ label, value }: { label: string; value: string }) {
  const { t } = useWords();
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    await navigator.clipboard?.writeText(value);
    setCopied(Boolean(navigator.clipboard));
  };
  return (
    <div className="copy-line">
      <TextInput ref={field} label={label} value={value} readOnly onFocus={(event) => event.currentTarget.select()} />
      <Button variant="default" onClick={() => copy()}>
        {t(copied ? "settings.copied" : "settings.copy")}
      </Button>
    </div>
  );
}
