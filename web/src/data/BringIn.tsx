// Files on their way in: dropped, looked at and corrected, then imported. A reload goes on where it was.
import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { giveUp, preview, upload } from "../api/evidence";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Box } from "../ui/Page";
import { Mapping } from "./Mapping";

export function BringIn() {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const id = search.get("upload");
  const setId = (next: string | null) => setSearch(next ? { upload: next } : {}, { replace: true });
  const looked = useQuery({
    queryKey: ["preview", id],
    queryFn: () => preview(id ?? "", null),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const leave = () => {
    if (id) giveUp(id).catch(() => null); // an import has cleared it away already
    setId(null);
  };
  if (!id) return <Drop sent={setId} />;
  if (looked.data) return <Mapping key={id} id={id} first={looked.data} leave={leave} />;
  return (
    <Box title={t("data.preview")}>
      <div className="box-body">
        {looked.isPending && (
          <p role="status">
            <Loader size="xs" /> {t("data.looking")}
          </p>
        )}
        <Failure error={looked.error} />
        {looked.isError && (
          <Button variant="default" onClick={leave}>
            {t("data.give_up")}
          </Button>
        )}
      </div>
    </Box>
  );
}

function Drop({ sent }: { sent: (id: string) => void }) {
  const { t } = useWords();
  const field = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<string | null>(null);
  const [failed, fail] = useState<Error | null>(null);
  const take = async (files: File[]) => {
    if (!files.length || sending !== null) return;
    fail(null);
    try {
      sent(await upload(files, setSending));
    } catch (error) {
      fail(error as Error);
    } finally {
      setSending(null);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  return (
    <section
      className={over ? "drop over" : "drop"}
      aria-label={t("data.drop")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <strong>{t("data.drop")}</strong>
      <p className="quiet">{t("data.drop_why")}</p>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label={t("data.choose")}
        onChange={(event) => take([...(event.currentTarget.files ?? [])])}
      />
      <Button loading={sending !== null} onClick={() => field.current?.click()}>
        {t("data.choose")}
      </Button>
      {sending !== null && <p role="status">{t("data.sending", { name: sending })}</p>}
      <Failure error={failed} />
    </section>
  );
}
