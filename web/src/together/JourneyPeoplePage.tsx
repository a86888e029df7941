// Who may do what with one journey: the role of the workspace, unless another one is given here.
import { NativeSelect } from "@mantine/core";
import { useParams } from "react-router";
import { useJourney } from "../api/journey";
import { type Person, useGiveRole, useJourneyRoles, usePeople } from "../api/people";
import { ROLES, type Role, reaches } from "../api/session";
import { useWords } from "../i18n";
import { Failure } from "../ui/Failure";
import { Page } from "../ui/Page";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";

export default function JourneyPeoplePage() {
  const { journey: id = "" } = useParams();
  const { t, text } = useWords();
  const journey = useJourney(id);
  const people = usePeople();
  const roles = useJourneyRoles(id);
  const failed = journey.error ?? people.error ?? roles.error;
  if (failed) return <Trouble error={failed} />;
  if (!journey.data || !people.data || !roles.data) return <Waiting />;
  const given = new Map(roles.data.map(({ user, role }) => [user, role]));
  return (
    <Page title={t("people.in_journey", { title: text(journey.data.document.title) })} why={t("people.in_journey_why")}>
      <ul className="box rows">
        {people.data
          .filter((person) => !person.disabled)
          .map((person) => (
            <li key={person.id}>
              <Row journey={id} person={person} given={given.get(person.id)} mine={journey.data.role} />
            </li>
          ))}
      </ul>
    </Page>
  );
}

interface RowProps {
  journey: string;
  person: Person;
  given: Role | undefined;
  mine: Role;
}

function Row({ journey, person, given, mine }: RowProps) {
  const { t } = useWords();
  const give = useGiveRole(journey);
  const fixed = person.role === "admin" || !reaches(mine, "owner");
  return (
    <>
      <strong className="grow">{person.name}</strong>
      {fixed ? (
        <span className="quiet">{t(`role.${person.role === "admin" ? "admin" : (given ?? person.role)}`)}</span>
      ) : (
        <NativeSelect
          aria-label={t("people.role_of", { name: person.name })}
          size="xs"
          value={given ?? ""}
          disabled={give.isPending}
          onChange={(event) => give.mutate({ user: person.id, role: (event.currentTarget.value as Role) || null })}
          data={[
            { value: "", label: t("people.as_workspace", { role: t(`role.${person.role}`) }) },
            ...ROLES.filter((role) => reaches(mine, role)).map((role) => ({ value: role, label: t(`role.${role}`) })),
          ]}
        />
      )}
      <Failure error={give.error} />
    </>
  );
}
