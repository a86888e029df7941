// Links to one journey for people without an account, and what a workshop has put on its wall.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useParams } from "react-router";
import { type Journey, useJourney } from "../api/journey";
import { type Role, reaches } from "../api/session";
import {
  type Share,
  type ShareKind,
  type Sticky,
  useDismiss,
  useMakeCard,
  useMakeShare,
  useRevokeShare,
  useShares,
  useStickies,
} from "../api/shares";
import { useWords } from "../i18n";
import { CopyLine } from "../ui/CopyLine";
import { Failure } from "../ui/Failure";
import { Box, Page } from "../ui/Page";
import { Secret } from "../ui/Secret";
import { Sure } from "../ui/Sure";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";

export default function SharesPage() {
  const { journey: id = "" } = useParams();
  const { t, text } = useWords();
  const journey = useJourney(id);
  if (journey.error) return <Trouble error={journey.error} />;
  if (!journey.data) return <Waiting />;
  const { document: document_, role } = journey.data;
  return (
    <Page title={t("share.title", { title: text(document_.title) })} why={t("share.why")}>
      {reaches(role, "owner") && <Links journey={id} />}
      <Notes journey={document_} role={role} />
    </Page>
  );
}

function Links({ journey }: { journey: string }) {
  const { t } = useWords();
  const shares = useShares(journey);
  return (
    <Box title={t("share.links")}>
      <Make journey={journey} />
      <Failure error={shares.error} />
      <ul className="rows">
        {shares.data?.length === 0 && <li className="quiet">{t("share.none")}</li>}
        {shares.data?.map((share) => (
          <li key={share.id}>
            <Row journey={journey} share={share} />
          </li>
        ))}
      </ul>
    </Box>
  );
}

function Make({ journey }: { journey: string }) {
  const { t } = useWords();
  const [kind, setKind] = useState<ShareKind>("map");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [expires, setExpires] = useState("");
  const make = useMakeShare(journey);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = expires ? `${expires}T23:59:59Z` : null;
    make.mutate(
      { kind, name: name.trim(), password: password || null, expires: until },
      { onSuccess: () => setName("") },
    );
  };
  return (
    <form className="box-body" onSubmit={submit}>
      <div className="fields">
        <NativeSelect
          label={t("share.kind")}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as ShareKind)}
          data={(["map", "notes"] as const).map((value) => ({ value, label: t(`share.kind.${value}`) }))}
        />
        <TextInput
          label={t("share.for")}
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Secret
          label={t("share.password")}
          autoComplete="new-password"
          minLength={4}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t("share.until")}
          value={expires}
          onChange={(event) => setExpires(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={make.isPending}>
          {t("share.make")}
        </Button>
      </div>
      <Failure error={make.error} />
      {make.data && (
        <>
          <p className="quiet">{t("share.once")}</p>
          <CopyLine label={t("share.link", { name: make.data.share.name })} value={location.origin + make.data.link} />
        </>
      )}
    </form>
  );
}

function Row({ journey, share }: { journey: string; share: Share }) {
  const { t, date } = useWords();
  const revoke = useRevokeShare(journey);
  const over = share.expires !== null && new Date(share.expires) < new Date();
  const facts = [
    t(`share.kind.${share.kind}`),
    share.password && t("share.with_password"),
    share.used ? t("settings.used", { at: date(share.used) }) : t("settings.never_used"),
    share.expires && t(over ? "settings.expired" : "settings.expires", { at: date(share.expires) }),
    share.revoked && t("share.revoked", { at: date(share.revoked) }),
  ].filter(Boolean);
  return (
    <>
      <div className="grow">
        <strong>{share.name}</strong>
        <div className="quiet">{facts.join(" · ")}</div>
        <Failure error={revoke.error} />
      </div>
      {!share.revoked && (
        <Sure
          label={t("share.revoke")}
          about={share.name}
          busy={revoke.isPending}
          act={() => revoke.mutate(share.id)}
        />
      )}
    </>
  );
}

function Notes({ journey, role }: { journey: Journey; role: Role }) {
  const { t } = useWords();
  const notes = useStickies(journey.id);
  const open = notes.data?.filter(({ card, dismissed }) => !card && !dismissed);
  return (
    <Box title={t("share.notes")} why={t("share.notes_why")}>
      <Failure error={notes.error} />
      <ul className="rows">
        {open?.length === 0 && (
          <li className="quiet">{t(reaches(role, "owner") ? "share.no_notes" : "share.no_notes_others")}</li>
        )}
        {open?.map((note) => (
          <li key={note.id}>
            <Note journey={journey} note={note} mayEdit={reaches(role, "editor")} />
          </li>
        ))}
      </ul>
    </Box>
  );
}

function Note({ journey, note, mayEdit }: { journey: Journey; note: Sticky; mayEdit: boolean }) {
  const { t, text } = useWords();
  const stages = journey.stages ?? [];
  const [stage, setStage] = useState(note.stage ?? stages[0]?.id ?? "");
  const card = useMakeCard(journey.id);
  const dismiss = useDismiss(journey.id);
  const lane = note.lane ?? "thoughts";
  const own = journey.lanes?.find(({ id }) => id === lane);
  return (
    <>
      <div className="grow">
        <span>{note.text}</span>
        <div className="quiet">{[note.name, own ? text(own.name) : t(`lane.${lane}`)].filter(Boolean).join(" · ")}</div>
        <Failure error={card.error ?? dismiss.error} />
      </div>
      {mayEdit && stages.length > 0 && (
        <>
          <NativeSelect
            size="xs"
            aria-label={`${t("share.stage")}: ${note.text}`}
            value={stage}
            onChange={(event) => setStage(event.currentTarget.value)}
            data={stages.map(({ id, name }) => ({ value: id, label: text(name) }))}
          />
          <Button
            size="compact-xs"
            variant="default"
            loading={card.isPending}
            aria-label={`${t("share.make_card")}: ${note.text}`}
            onClick={() => card.mutate({ note, stage, lane })}
          >
            {t("share.make_card")}
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            loading={dismiss.isPending}
            aria-label={`${t("share.dismiss")}: ${note.text}`}
            onClick={() => dismiss.mutate(note.id)}
          >
            {t("share.dismiss")}
          </Button>
        </>
      )}
    </>
  );
}
