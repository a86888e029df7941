// Where somebody named the one who is here, newest first; opening the page is seeing them.
import { useEffect } from "react";
import { Link } from "react-router";
import { useMentions, useSaw } from "../api/comments";
import { useWords } from "../i18n";
import { Page } from "../ui/Page";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";

export default function MentionsPage() {
  const { t, date } = useWords();
  const mentions = useMentions();
  const { mutate: saw } = useSaw();
  const unseen = mentions.data?.filter(({ seen }) => !seen).map(({ comment }) => comment.id);
  const key = unseen?.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for every set of new ones
  useEffect(() => {
    if (unseen?.length) saw(unseen);
  }, [key, saw]);
  if (mentions.isPending) return <Waiting />;
  if (mentions.isError) return <Trouble error={mentions.error} retry={mentions.refetch} />;
  return (
    <Page title={t("comment.mentions")} why={t("comment.mentions_why")}>
      <ul className="box rows">
        {mentions.data.length === 0 && <li className="quiet">{t("comment.no_mentions")}</li>}
        {mentions.data.map(({ comment }) => (
          <li key={comment.id}>
            <div className="grow">
              <strong>{comment.author}</strong> <span className="quiet">{date(comment.created)}</span>
              <div>{comment.removed ? t("comment.removed") : comment.text}</div>
            </div>
            <Link to={`/journeys/${comment.journey}`}>{t("comment.look")}</Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
