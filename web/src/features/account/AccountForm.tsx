/** The one form behind signing in, registering and making the first operator. */
import type { ComponentChildren } from 'preact';
import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { session, signedIn, type Session } from '../../state/session';
import { Field } from '../../ui/field';
import { useGo } from '../../ui/go';
import { ProblemNote } from '../../ui/notes';
import { Page } from '../../ui/page';
import { ownPath } from './next';
import './account.css';

const t = texts('account');

export interface Entered {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

interface Props {
  title: string;
  lead: string;
  submit: string;
  /** Whether a new account is made: it has a name, and its password is new. */
  kind: 'known' | 'new';
  send: (entered: Entered) => Promise<Answer<Session>>;
  /** Where to go afterwards if the address does not say. */
  then: string;
  children?: ComponentChildren;
}

const FIELD_ERRORS = {
  email: 'field.email_bad',
  name: 'field.name_bad',
  password: 'field.password_bad',
} as const;

export function AccountForm(props: Props) {
  const { query } = useRoute();
  const go = useGo();
  const [entered, setEntered] = useState<Entered>({ email: '', name: '', password: '' });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const next = ownPath(query['next']) ?? props.then;
  const signed = session.value.type === 'in';

  useEffect(() => {
    if (signed) go(next, 'replace');
  }, [signed, next, go]);

  const submit = async (event: Event) => {
    event.preventDefault();
    setSending(true);
    setProblem(null);
    const got = await props.send(entered);
    setSending(false);
    if (got.ok) {
      signedIn(got.value);
      return;
    }
    setProblem(got.problem);
    const field = got.problem.field ?? (got.problem.code === 'email_taken' ? 'email' : null);
    const form = event.target as HTMLFormElement;
    if (field !== null) form.querySelector<HTMLInputElement>(`[name=${field}]`)?.focus();
  };

  const wrong = (field: keyof typeof FIELD_ERRORS) =>
    problem?.code === 'invalid_value' && problem.field === field ? t(FIELD_ERRORS[field]) : null;
  const put = (field: keyof Entered) => (value: string) =>
    setEntered({ ...entered, [field]: value });
  const isNew = props.kind === 'new';

  return (
    <Page title={props.title} class="account">
      <section class="panel stack account-card">
        <h1>{props.title}</h1>
        <p class="soft">{props.lead}</p>
        <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
          <ProblemNote problem={problem?.code === 'invalid_value' ? null : problem} />
          <Field
            label={t('field.email')}
            name="email"
            type="email"
            autocomplete={isNew ? 'email' : 'username'}
            error={wrong('email')}
            value={entered.email}
            onValue={put('email')}
          />
          {isNew && (
            <Field
              label={t('field.name')}
              hint={t('field.name_hint')}
              name="name"
              type="text"
              autocomplete="name"
              error={wrong('name')}
              value={entered.name}
              onValue={put('name')}
            />
          )}
          <Password
            isNew={isNew}
            error={wrong('password')}
            value={entered.password}
            onValue={put('password')}
          />
          <button type="submit" class="button button-main button-wide" disabled={sending}>
            {props.submit}
          </button>
        </form>
        {props.children}
      </section>
    </Page>
  );
}

/** A password that can be looked at: what is typed blindly is typed wrongly. */
function Password(props: {
  isNew: boolean;
  error: string | null;
  value: string;
  onValue: (value: string) => void;
}) {
  const { isNew } = props;
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={t('field.password')}
      {...(isNew ? { hint: t('field.password_hint') } : {})}
      name="password"
      type={shown ? 'text' : 'password'}
      autocomplete={isNew ? 'new-password' : 'current-password'}
      error={props.error}
      value={props.value}
      onValue={props.onValue}
    >
      <button
        type="button"
        class="button button-quiet"
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      >
        {shown ? t('field.hide') : t('field.show')}
      </button>
    </Field>
  );
}
