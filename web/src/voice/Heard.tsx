// How well texts are read, language by language; and who is not heard at all.
import { Loader, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useCoverage, useQuality } from "../api/voice";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Heads } from "../ui/Heads";
import { Box } from "../ui/Page";
import { Scroll } from "../ui/Scroll";
import { Feeling } from "./Feeling";
import { languageName } from "./languages";

export function Heard() {
  return (
    <>
      <QualityTable />
      <CoverageTable />
    </>
  );
}

function Loading() {
  const { t } = useWords();
  return (
    <p className="quiet" role="status">
      <Loader size="xs" /> {t("studio.loading")}
    </p>
  );
}

function QualityTable() {
  const { t, has, number, language } = useWords();
  const quality = useQuality();
  return (
    <Box title={t("voice.quality")} why={t("voice.quality_why")}>
      <div className="box-body">
        <Failure error={quality.error} />
        {quality.isPending && <Loading />}
        <Scroll label={t("voice.quality")}>
          <table>
            <Heads
              columns={[
                t("frame.language"),
                [t("voice.text_count")],
                [t("voice.rated")],
                t("voice.read_by"),
                [`${t("voice.layer.model")} F1`],
                [`${t("voice.layer.lexicon")} F1`],
              ]}
            />
            <tbody>
              {quality.data?.map((each) => (
                <tr key={each.language}>
                  <th scope="row">{languageName(each.language, language) ?? t("voice.unknown")}</th>
                  <td className="n">{number(each.texts, "integer")}</td>
                  <td className="n">{number(each.rated, "integer")}</td>
                  <td>{has(`voice.layer.${each.layer}`) ? t(`voice.layer.${each.layer}`) : each.layer}</td>
                  <td className="n">{number(each.model?.macro_f1, "fixed")}</td>
                  <td className="n">{number(each.lexicon?.macro_f1, "fixed")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </div>
    </Box>
  );
}

function CoverageTable() {
  const { t, number } = useWords();
  const [by, setBy] = useState("market");
  const [asked] = useDebouncedValue(by.trim(), 400);
  const coverage = useCoverage(asked || "market");
  const found = coverage.data;
  return (
    <Box title={t("voice.coverage")} why={t("voice.coverage_why")}>
      <div className="box-body">
        <div className="fields">
          <TextInput
            size="xs"
            label={t("voice.by")}
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
          />
        </div>
        <Failure error={coverage.error} />
        {coverage.isPending && <Loading />}
        {found && (
          <>
            <p className="coverage-said">
              {t(found.turns ? "voice.turns" : "voice.holds", { plain: found.plain, weighted: found.reweighted })}
            </p>
            <Scroll label={t("voice.coverage")}>
              <table>
                <Heads
                  columns={[
                    found.by,
                    [t("frame.customers")],
                    [t("voice.heard_count")],
                    [t("frame.share")],
                    [t("frame.emotion")],
                  ]}
                />
                <tbody>
                  {found.groups.map((group) => (
                    <tr key={group.name}>
                      <th scope="row">{group.name}</th>
                      <td className="n">{number(group.customers, "integer")}</td>
                      <td className="n">{number(group.heard, "integer")}</td>
                      <td className="n">{number(group.rate, "share")}</td>
                      <td className="n">
                        <Feeling score={group.emotion} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          </>
        )}
      </div>
    </Box>
  );
}
