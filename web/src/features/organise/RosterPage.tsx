/** What venues and artists have alike: a list, and a dialog in which one is kept, changed or removed. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { said } from '../../i18n/said';
import type { Fault } from '../../model/programme';
import type { Load } from '../../state/load';
import type { Session } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/notes';
import { announce } from '../../ui/page';
import { Desk } from './Desk';
import { Change, Listing } from './Listing';
import { Both, PictureInput } from './PictureInput';
import { Section } from './Section';
import { Why } from './Why';
import { urlOf, type Picture } from './roster';

const t = texts('operator');

export interface Kept {
  readonly id: string;
  readonly version: number;
}

interface Named {
  name: Picture['alt'];
  picture?: Picture | null;
}

/** What one is filled in with, besides its name and its picture. */
type Fields<B> = (
  body: B,
  faults: readonly Fault[],
  change: (part: Partial<B>) => void,
) => ComponentChildren;

/** How the server is told. */
interface Told<B> {
  /** Null of one that is not kept yet. */
  readonly save: (kept: Kept | null, body: B, reason: string) => Promise<Answer<unknown>>;
  readonly remove: (kept: Kept, reason: string) => Promise<Answer<unknown>>;
}

export function RosterPage<T, K extends Kept, B extends Named>(props: {
  who: Session;
  title: string;
  /** What the button says that adds one. */
  add: string;
  none: string;
  load: Load<T>;
  rows: (value: T) => readonly K[];
  bodyOf: (kept: K) => B;
  blank: B;
  /** Of the columns between the name and what can be done. */
  heads: readonly string[];
  cells: (kept: K, value: T) => ComponentChildren;
  told: Told<B>;
  children: Fields<B>;
}) {
  const { title, add, load, bodyOf, blank } = props;
  const [chosen, setChosen] = useState<K | 'new' | null>(null);
  const kept = chosen === 'new' ? null : chosen;
  const nameOf = (one: K) => said(bodyOf(one).name);
  const tools = (
    <button type="button" class="button button-main" onClick={() => setChosen('new')}>
      {add}
    </button>
  );
  return (
    <Desk who={props.who} title={title} tools={tools}>
      <Section load={load}>
        {(value) => (
          <Listing
            label={title}
            heads={[t('organise.name'), ...props.heads]}
            acts={t('people.change')}
            rows={props.rows(value)}
            none={props.none}
          >
            {(one) => (
              <tr key={one.id}>
                <Name of={bodyOf(one)} />
                {props.cells(one, value)}
                <Change
                  label={t('organise.change_of', { name: nameOf(one) })}
                  onClick={() => setChosen(one)}
                />
              </tr>
            )}
          </Listing>
        )}
      </Section>
      {chosen !== null && (
        <Entry
          title={kept === null ? add : nameOf(kept)}
          body={kept === null ? blank : bodyOf(kept)}
          kept={kept}
          told={props.told}
          fields={props.children}
          onClose={() => setChosen(null)}
          onDone={() => {
            setChosen(null);
            announce(t('organise.saved'));
            void load.reload();
          }}
        />
      )}
    </Desk>
  );
}

function Name({ of }: { of: Named }) {
  return (
    <th scope="row">
      <span class="organise-category">
        {of.picture && <img class="organise-thumb" src={urlOf(of.picture.image)} alt="" />}
        {said(of.name)}
      </span>
    </th>
  );
}

/** One that is filled in. */
function Entry<B extends Named>(props: {
  title: string;
  body: B;
  kept: Kept | null;
  told: Told<B>;
  fields: Fields<B>;
  onClose: () => void;
  onDone: () => void;
}) {
  const { kept, told } = props;
  const [body, setBody] = useState(props.body);
  const [problem, setProblem] = useState<Problem | null>(null);
  const faults = problem?.faults ?? [];
  const change = (part: Partial<B>) => setBody((old) => ({ ...old, ...part }));
  const put = (part: Partial<Named>) => setBody((old) => ({ ...old, ...part }));
  const settle = async (asked: Promise<Answer<unknown>>) => {
    const got = await asked;
    if (got.ok) props.onDone();
    else setProblem(got.problem);
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <ProblemNote problem={problem} />
      <Why
        yes={t('organise.save')}
        onYes={(reason) => settle(told.save(kept, body, reason))}
        onRemove={kept === null ? null : (reason) => settle(told.remove(kept, reason))}
        onClose={props.onClose}
      >
        <Both
          label={t('organise.name')}
          value={body.name}
          path="name"
          faults={faults}
          onValue={(name) => put({ name })}
        />
        {props.fields(body, faults, change)}
        <PictureInput
          label={t('organise.picture')}
          value={body.picture ?? null}
          path="picture"
          faults={faults}
          onValue={(picture) => put({ picture })}
        />
      </Why>
    </Dialog>
  );
}
