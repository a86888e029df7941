// The map in the form that was chosen, and where one chooses: for those who edit and for those who came by a link.
import { SegmentedControl } from "@mantine/core";
import { useWords } from "../i18n";
import { Flow } from "./Flow";
import { type FormProps, Matrix } from "./Matrix";
import { Stack } from "./Stack";
import { FORMS, useForm } from "./scope";
import { Timeline } from "./Timeline";
import { useNarrow } from "./useNarrow";

export function Form(props: FormProps) {
  const { form } = useForm();
  const narrow = useNarrow();
  const Drawn = form === "timeline" ? Timeline : form === "flow" ? Flow : narrow ? Stack : Matrix;
  return <Drawn {...props} />;
}

export function ChooseForm() {
  const { t } = useWords();
  const { form, setForm } = useForm();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("frame.form")}
      value={form}
      onChange={(next) => setForm(next as typeof form)}
      data={FORMS.map((value) => ({ value, label: t(`frame.${value}`) }))}
    />
  );
}
