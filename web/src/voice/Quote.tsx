import type { Verbatim } from "../api/voice";
import { useWords } from "../i18n";
import { Feeling } from "./Feeling";
import { languageName } from "./languages";

export function Quote({ verbatim }: { verbatim: Verbatim }) {
  const { t, has, date, language } = useWords();
  const { kind, at, touchpoint, layer } = verbatim;
  const facts = [
    kind && (has(`feedback.${kind}`) ? t(`feedback.${kind}`) : kind),
    at && date(at),
    touchpoint,
    languageName(verbatim.language, language),
    layer && has(`voice.layer.${layer}`) && t(`voice.layer.${layer}`),
  ].filter(Boolean);
  return (
    <article className="quote">
      <blockquote lang={verbatim.language ?? undefined} dir="auto">
        {verbatim.text}
      </blockquote>
      <p className="quiet">
        <Feeling score={verbatim.emotion} /> {facts.join(" · ")}
      </p>
    </article>
  );
}
