// The sources of evidence: what each brought, and how fresh it is.
import { Link } from "react-router";
import { type Source, useSources } from "../api/evidence";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Heads } from "../ui/Heads";
import { Box } from "../ui/Page";
import { Scroll } from "../ui/Scroll";

export function Sources({ editor }: { editor: boolean }) {
  const { t } = useWords();
  const sources = useSources();
  return (
    <Box title={t("data.sources")}>
      <div className="box-body">
        <Failure error={sources.error} />
        {sources.data?.length === 0 && (
          <p className="quiet">{t(editor ? "data.no_sources" : "data.no_sources_viewer")}</p>
        )}
        {!!sources.data?.length && (
          <Scroll label={t("data.sources")}>
            <table className="sources">
              <Heads
                columns={[
                  t("data.source"),
                  t("data.until"),
                  [t("data.events")],
                  [t("data.feedback")],
                  [t("data.metrics")],
                  [t("data.unread")],
                ]}
              />
              <tbody>
                {sources.data.map((source) => (
                  <Row key={source.name} source={source} editor={editor} />
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </div>
    </Box>
  );
}

function Row({ source, editor }: { source: Source; editor: boolean }) {
  const { t, number, date } = useWords();
  const count = (n: number) => (n ? number(n, "integer") : "");
  return (
    <tr>
      <th scope="row">{source.name}</th>
      <td className="when">
        {date(source.last)}{" "}
        {source.stale && (
          <span className="tag warn" title={t("data.stale_why")}>
            {t("data.stale")}
          </span>
        )}
      </td>
      <td className="n">{count(source.events)}</td>
      <td className="n">{count(source.feedback)}</td>
      <td className="n">{count(source.metrics)}</td>
      <td className="n">
        {source.quarantined > 0 && editor ? (
          <Link to={`/data/quarantine?source=${encodeURIComponent(source.name)}`}>{count(source.quarantined)}</Link>
        ) : (
          count(source.quarantined)
        )}
      </td>
    </tr>
  );
}
