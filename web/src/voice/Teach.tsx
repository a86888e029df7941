// Says what texts express, one after another, with one key each: from now on everything is heard by that.
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useLabel, useTeach, useUnlabel } from "../api/voice";
import { useWords } from "../i18n";
import { Empty } from "../ui/Empty";
import { Failure } from "../ui/Failure";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { Quote } from "./Quote";

const ANSWERS = [-2, -1, 0, 1, 2]; // by the keys 1 to 5

export function Teach() {
  const { t } = useWords();
  const batch = useTeach();
  const [at, go] = useState(0);
  const label = useLabel();
  const unlabel = useUnlabel();
  const client = useQueryClient();
  const texts = batch.data ?? [];
  const text = texts[at];
  const id = text?.id;
  const { mutate: keep } = label;
  const { mutate: takeBack } = unlabel;
  const next = useCallback(() => go((before) => before + 1), []);
  const say = useCallback((emotion: number) => id && keep({ id, emotion }, { onSuccess: next }), [id, keep, next]);
  const before = texts[at - 1]?.id;
  const back = useCallback(() => {
    if (before) takeBack(before, { onSuccess: () => go((now) => now - 1) });
  }, [before, takeBack]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        (event.target as Element).closest("input, select, textarea")
      )
        return;
      const answer = ANSWERS[Number(event.key) - 1];
      if (answer !== undefined) say(answer);
      else if (event.key === "s" || event.key === "ArrowRight") next();
      else if (event.key === "z" || event.key === "ArrowLeft") back();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [say, next, back]);
  const again = async () => {
    await client.invalidateQueries({ queryKey: ["teach"] });
    client.invalidateQueries({ queryKey: ["voice"] });
    go(0);
  };
  if (batch.isPending) return <Waiting />;
  if (batch.isError) return <Trouble error={batch.error} retry={batch.refetch} />;
  if (!texts.length) return <Empty title={t("teach.nothing")}>{t("teach.nothing_why")}</Empty>;
  return (
    <section className="box teach" aria-label={t("voice.teach")}>
      <p className="quiet">{t("teach.why")}</p>
      <p className="quiet" role="status">
        {t("teach.progress", { done: Math.min(at, texts.length), all: texts.length })}
      </p>
      {text ? <Quote verbatim={text} /> : <strong>{t("teach.done")}</strong>}
      {text ? (
        <div className="answers">
          {ANSWERS.map((emotion, key) => (
            <Button key={emotion} variant="default" loading={label.isPending} onClick={() => say(emotion)}>
              <kbd>{key + 1}</kbd>
              {t(`teach.${emotion + 3}`)}
            </Button>
          ))}
        </div>
      ) : (
        <Button loading={batch.isFetching} onClick={again}>
          {t("teach.more")}
        </Button>
      )}
      <div className="page-tools">
        <Button size="xs" variant="subtle" disabled={!before} loading={unlabel.isPending} onClick={back}>
          <kbd>Z</kbd> {t("voice.undo")}
        </Button>
        {text && (
          <Button size="xs" variant="subtle" onClick={next}>
            <kbd>S</kbd> {t("teach.skip")}
          </Button>
        )}
      </div>
      <Failure error={label.error ?? unlabel.error} />
    </section>
  );
}
