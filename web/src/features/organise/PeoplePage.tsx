/** Who may do what. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { useLoad } from '../../state/load';
import type { Role } from '../../state/rank';
import type { Session } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/notes';
import { announce } from '../../ui/page';
import { Desk } from './Desk';
import { Choice } from './Input';
import { Change, Listing } from './Listing';
import { Section } from './Section';
import { Why } from './Why';
import { moment } from './labels';

const t = texts('operator');

type Person = Schemas['PersonView'];

const ROLES = ['fan', 'viewer', 'operator', 'administrator'] as const;
const STAFF = ['viewer', 'operator', 'administrator'] as const;

export function PeoplePage({ who }: { who: Session }) {
  const load = useLoad('people', () => answer(api.GET('/api/v1/operator/people')));
  const [chosen, setChosen] = useState<Person | null>(null);
  const changed = async (person: Person) => {
    setChosen(null);
    announce(t('people.changed', { name: person.name, role: t(`person.${person.role}`) }));
    await load.reload();
  };
  return (
    <Desk who={who} title={t('organise.people')}>
      <Section load={load}>
        {(people) => <People people={people} onChoose={setChosen} />}
      </Section>
      <p class="small soft organise-after">{t('people.about')}</p>
      <Invite />
      {chosen !== null && (
        <ChangeRole
          person={chosen}
          onClose={() => setChosen(null)}
          onChanged={(person) => void changed(person)}
        />
      )}
    </Desk>
  );
}

function People(props: { people: readonly Person[]; onChoose: (person: Person) => void }) {
  return (
    <Listing
      label={t('organise.people')}
      heads={[t('people.email'), t('people.name'), t('people.role'), t('organise.since')]}
      acts={t('people.change')}
      rows={props.people}
      none=""
    >
      {(person) => (
        <tr key={person.id}>
          <th scope="row">{person.email}</th>
          <td>{person.name}</td>
          <td>
            <span class="badge">{t(`person.${person.role}`)}</span>
          </td>
          <td>{moment(person.created_at)}</td>
          <Change
            label={t('people.change_of', { name: person.name })}
            onClick={() => props.onChoose(person)}
          />
        </tr>
      )}
    </Listing>
  );
}

function ChangeRole(props: {
  person: Person;
  onClose: () => void;
  onChanged: (person: Person) => void;
}) {
  const { person } = props;
  const [role, setRole] = useState<Role>(person.role);
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = async (reason: string) => {
    const params = { path: { account: person.id } };
    const path = '/api/v1/operator/people/{account}';
    const got = await answer(api.PATCH(path, { params, body: { role, reason } }));
    if (got.ok) props.onChanged(got.value);
    else setProblem(got.problem);
  };
  return (
    <Dialog title={t('people.change_of', { name: person.name })} onClose={props.onClose}>
      <ProblemNote problem={problem} />
      <Why
        yes={t('people.change')}
        ready={role !== person.role}
        onYes={change}
        onClose={props.onClose}
      >
        <Choice
          label={t('people.role')}
          value={role}
          options={ROLES.map((one) => [one, t(`person.${one}`)])}
          onValue={(value) => setRole(ROLES.find((one) => one === value) ?? role)}
        />
      </Why>
    </Dialog>
  );
}

function Invite() {
  const [role, setRole] = useState<(typeof STAFF)[number]>('viewer');
  const [url, setUrl] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const make = async () => {
    const got = await answer(api.POST('/api/v1/operator/setup-links', { body: { role } }));
    setProblem(got.ok ? null : got.problem);
    setUrl(got.ok ? got.value.url : null);
    if (got.ok) announce(t('people.link_made'));
  };
  return (
    <section class="panel stack organise-invite">
      <h2>{t('people.invite')}</h2>
      <p class="soft">{t('people.invite_about')}</p>
      <ProblemNote problem={problem} />
      <div class="row organise-inline">
        <Choice
          label={t('people.role')}
          value={role}
          options={STAFF.map((one) => [one, t(`person.${one}`)])}
          onValue={(value) => setRole(STAFF.find((one) => one === value) ?? role)}
        />
        <button type="button" class="button" onClick={() => void make()}>
          {t('people.make_link')}
        </button>
      </div>
      {url !== null && (
        <p class="organise-hash">
          <code>{url}</code>
        </p>
      )}
    </section>
  );
}
