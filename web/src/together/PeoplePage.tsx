// Who works here and what they may do. An admin invites, gives roles, and shuts accounts.
import { Button } from "@mantine/core";
import { Link } from "react-router";
import { type Person, useChangePerson, useInviteAgain, usePeople } from "../api/people";
import { ROLES, useSession } from "../api/session";
import { useWords } from "../i18n";
import { CopyLine } from "../ui/CopyLine";
import { Failure } from "../ui/Failure";
import { Box, Page } from "../ui/Page";
import { Sure } from "../ui/Sure";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { Invite } from "./Invite";
import { RoleSelect } from "./RoleSelect";

export default function PeoplePage() {
  const { t } = useWords();
  const people = usePeople();
  const admin = useSession().data?.user?.role === "admin";
  if (people.isPending) return <Waiting />;
  if (people.isError) return <Trouble error={people.error} retry={people.refetch} />;
  return (
    <Page
      title={t("people.title")}
      why={t("people.why")}
      tools={
        admin && (
          <Button component={Link} to="/audit" variant="default" size="xs">
            {t("people.audit")}
          </Button>
        )
      }
    >
      {admin && <Invite />}
      <Box title={t("people.title")}>
        <ul className="rows">
          {people.data.map((person) => (
            <li key={person.id}>
              <Row person={person} admin={admin} />
            </li>
          ))}
        </ul>
      </Box>
      <Box title={t("people.roles")}>
        <ul className="rows">
          {ROLES.map((role) => (
            <li key={role}>
              <strong>{t(`role.${role}`)}</strong>
              <span className="quiet">{t(`role.${role}.can`)}</span>
            </li>
          ))}
        </ul>
      </Box>
    </Page>
  );
}

function Row({ person, admin }: { person: Person; admin: boolean }) {
  const { t, date } = useWords();
  const me = useSession().data?.user?.id === person.id;
  const change = useChangePerson();
  const again = useInviteAgain();
  return (
    <>
      <div className="grow">
        <strong>{person.name}</strong> {me && <span className="tag">{t("people.you")}</span>}{" "}
        {person.invited && <span className="tag warn">{t("people.invited")}</span>}{" "}
        {person.disabled && <span className="tag warn">{t("people.shut")}</span>}
        <div className="quiet">{t("people.since", { at: date(person.created) })}</div>
      </div>
      {admin ? (
        <>
          <RoleSelect
            hidden
            label={t("people.role_of", { name: person.name })}
            value={person.role}
            disabled={change.isPending}
            choose={(role) => change.mutate({ id: person.id, role })}
          />
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`${t("people.new_link")}: ${person.name}`}
            loading={again.isPending}
            onClick={() => again.mutate(person.id)}
          >
            {t("people.new_link")}
          </Button>
          {!me && (
            <Sure
              label={t(person.disabled ? "people.open_do" : "people.shut_do")}
              about={person.name}
              busy={change.isPending}
              act={() => change.mutate({ id: person.id, disabled: !person.disabled })}
            />
          )}
        </>
      ) : (
        <span className="quiet">{t(`role.${person.role}`)}</span>
      )}
      {(again.data || change.error || again.error) && (
        <div className="grow" style={{ flexBasis: "100%" }}>
          <Failure error={change.error ?? again.error} />
          {again.data && <InvitationLink name={person.name} link={again.data.link} />}
        </div>
      )}
    </>
  );
}

export function InvitationLink({ name, link }: { name: string; link: string }) {
  const { t } = useWords();
  return <CopyLine label={t("people.link_for", { name })} value={location.origin + link} />;
}
