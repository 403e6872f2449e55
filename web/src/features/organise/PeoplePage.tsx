/** Who may do what. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { useLoad } from '../../state/load';
import type { Role } from '../../state/rank';
import type { Session } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { Failed } from '../../ui/failed';
import { ProblemNote } from '../../ui/notes';
import { announce } from '../../ui/page';
import { Desk } from './Desk';
import { Choice, TextInput } from './Input';
import { moment } from './labels';

const t = texts('operator');

type Person = Schemas['PersonView'];

const ROLES = ['fan', 'viewer', 'operator', 'administrator'] as const;
const STAFF = ['viewer', 'operator', 'administrator'] as const;

export function PeoplePage({ who }: { who: Session }) {
  const { now, reload } = useLoad('people', () => answer(api.GET('/api/v1/operator/people')));
  const [chosen, setChosen] = useState<Person | null>(null);
  const changed = async (person: Person) => {
    setChosen(null);
    announce(t('people.changed', { name: person.name, role: t(`person.${person.role}`) }));
    await reload();
  };
  return (
    <Desk who={who} title={t('organise.people')}>
      {now.type === 'failed' && <Failed problem={now.problem} onRetry={() => void reload()} />}
      {now.type === 'loading' && <span class="bone organise-bone" />}
      {now.type === 'ready' && <People people={now.value} onChoose={setChosen} />}
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
    <div class="scroll" role="region" aria-label={t('organise.people')} tabIndex={0}>
      <table class="organise-table acts-rows">
        <thead>
          <tr>
            <th scope="col">{t('people.email')}</th>
            <th scope="col">{t('people.name')}</th>
            <th scope="col">{t('people.role')}</th>
            <th scope="col">{t('organise.since')}</th>
            <th scope="col">
              <span class="visually-hidden">{t('people.change')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.people.map((person) => (
            <tr key={person.id}>
              <th scope="row">{person.email}</th>
              <td>{person.name}</td>
              <td>
                <span class="badge">{t(`person.${person.role}`)}</span>
              </td>
              <td class="num">{moment(person.created_at)}</td>
              <td>
                <button
                  type="button"
                  class="button"
                  aria-label={t('people.change_of', { name: person.name })}
                  onClick={() => props.onChoose(person)}
                >
                  {t('people.change')}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ChangeRole(props: {
  person: Person;
  onClose: () => void;
  onChanged: (person: Person) => void;
}) {
  const { person } = props;
  const [role, setRole] = useState<Role>(person.role);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = async () => {
    const params = { path: { account: person.id } };
    const path = '/api/v1/operator/people/{account}';
    const got = await answer(api.PATCH(path, { params, body: { role, reason } }));
    if (got.ok) props.onChanged(got.value);
    else setProblem(got.problem);
  };
  return (
    <Dialog title={t('people.change_of', { name: person.name })} onClose={props.onClose}>
      <ProblemNote problem={problem} />
      <Choice
        label={t('people.role')}
        value={role}
        options={ROLES.map((one) => [one, t(`person.${one}`)])}
        onValue={(value) => setRole(ROLES.find((one) => one === value) ?? role)}
      />
      <TextInput
        label={t('people.reason')}
        hint={t('people.reason_hint')}
        value={reason}
        onValue={setReason}
      />
      <div class="actions">
        <button
          type="button"
          class="button button-main"
          disabled={role === person.role || reason.trim().length < 3}
          onClick={() => void change()}
        >
          {t('people.change')}
        </button>
        <button type="button" class="button" onClick={props.onClose}>
          {t('app.cancel')}
        </button>
      </div>
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
