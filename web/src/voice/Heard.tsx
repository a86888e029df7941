// How well texts are read, language by language; and who is not heard at all.
import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useCoverage, useQuality } from "../api/voice";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
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

function QualityTable() {
  const { t, has, number, language } = useWords();
  const quality = useQuality();
  return (
    <Box title={t("voice.quality")} why={t("voice.quality_why")}>
      <div className="box-body">
        <Failure error={quality.error} />
        <Scroll label={t("voice.quality")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("frame.language")}</th>
                <th scope="col" className="n">
                  {t("voice.text_count")}
                </th>
                <th scope="col" className="n">
                  {t("voice.rated")}
                </th>
                <th scope="col">{t("voice.read_by")}</th>
                <th scope="col" className="n">
                  {t("voice.layer.model")} F1
                </th>
                <th scope="col" className="n">
                  {t("voice.layer.lexicon")} F1
                </th>
              </tr>
            </thead>
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
        {found && (
          <>
            <p className="coverage-said">
              {t(found.turns ? "voice.turns" : "voice.holds", { plain: found.plain, weighted: found.reweighted })}
            </p>
            <Scroll label={t("voice.coverage")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{found.by}</th>
                    <th scope="col" className="n">
                      {t("frame.customers")}
                    </th>
                    <th scope="col" className="n">
                      {t("voice.heard_count")}
                    </th>
                    <th scope="col" className="n">
                      {t("frame.share")}
                    </th>
                    <th scope="col" className="n">
                      {t("frame.emotion")}
                    </th>
                  </tr>
                </thead>
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
