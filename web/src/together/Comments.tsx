// What people say about the part that is open: comments with replies; `@Name` names somebody, who is told.
import { Button, Textarea, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Comment, useComment, useComments, useRemoveComment, useSettle } from "../api/comments";
import { useJourney } from "../api/journey";
import { type Person, usePeople } from "../api/people";
import { reaches, useSession } from "../api/session";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import "./comments.css";

interface Props {
  journey: string;
  at: string;
}

export function Comments({ journey, at }: Props) {
  const { t } = useWords();
  const comments = useComments(journey);
  const role = useJourney(journey).data?.role ?? "viewer";
  const may = reaches(role, "commenter");
  const owner = reaches(role, "owner"); // removes also what others said
  const here = comments.data?.filter((each) => each.at === at) ?? [];
  const threads = here.filter(({ reply_to }) => reply_to === null);
  if (!may && !threads.length) return null;
  return (
    <section className="comments" aria-label={t("comment.title")}>
      <Title order={3} size="h6">
        {t("comment.title")}
      </Title>
      <Failure error={comments.error} />
      <ul>
        {threads.map((first) => (
          <li key={first.id} className={first.resolved ? "settled" : undefined}>
            <Said comment={first} may={may} owner={owner} />
            <ul>
              {(comments.data ?? [])
                .filter(({ reply_to }) => reply_to === first.id)
                .map((reply) => (
                  <li key={reply.id}>
                    <Said comment={reply} may={may} owner={owner} />
                  </li>
                ))}
            </ul>
            {may && !first.resolved && <Say journey={journey} at={at} to={first} />}
          </li>
        ))}
      </ul>
      {may && <Say journey={journey} at={at} to={null} />}
    </section>
  );
}

function Said({ comment, may, owner }: { comment: Comment; may: boolean; owner: boolean }) {
  const { t, date } = useWords();
  const settle = useSettle(comment.journey);
  const remove = useRemoveComment(comment.journey);
  const mine = String(useSession().data?.user?.id) === String(comment.user);
  return (
    <>
      <p className="quiet">
        <strong>{comment.author}</strong> {date(comment.created)}
        {comment.resolved && ` · ${t("comment.settled")}`}
      </p>
      <p className="said">{comment.removed ? t("comment.removed") : comment.text}</p>
      <Failure error={settle.error ?? remove.error} />
      {may && !comment.removed && (
        <div className="comment-tools">
          {comment.reply_to === null && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => settle.mutate({ id: comment.id, resolved: !comment.resolved })}
            >
              {t(comment.resolved ? "comment.reopen" : "comment.settle")}
            </Button>
          )}
          {(mine || owner) && (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => remove.mutate(comment.id)}>
              {t("comment.remove")}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Say({ journey, at, to }: Props & { to: Comment | null }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const people = usePeople();
  const say = useComment(journey);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const mentions = named(text, people.data ?? []);
    say.mutate({ text, at, reply_to: to?.id ?? null, mentions }, { onSuccess: () => setText("") });
  };
  const label = to ? `${t("comment.reply")}: ${to.author}` : t("comment.say");
  return (
    <form onSubmit={submit}>
      <Textarea
        aria-label={label}
        placeholder={t(to ? "comment.reply" : "comment.hint")}
        autosize
        minRows={1}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Failure error={say.error} />
      {text.trim() && (
        <Button type="submit" size="xs" mt="xs" variant="default" loading={say.isPending}>
          {t("comment.send")}
        </Button>
      )}
    </form>
  );
}

/** The ids of the people whom a text names by `@Name`. */
function named(text: string, people: Person[]): number[] {
  const said = text.toLocaleLowerCase();
  return people.filter(({ name }) => said.includes(`@${name.toLocaleLowerCase()}`)).map(({ id }) => Number(id));
}
