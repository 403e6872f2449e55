/** One venue or artist that is filled in: kept, changed or removed, with a reason. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import type { Fault } from '../../model/programme';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/notes';
import { TextInput } from './Input';

const t = texts('operator');

export interface Kept {
  readonly id: string;
  readonly version: number;
}

export function Entry<B>(props: {
  title: string;
  body: B;
  /** Null of one that is not kept yet. */
  kept: Kept | null;
  save: (body: B, reason: string) => Promise<Answer<unknown>>;
  remove: (kept: Kept, reason: string) => Promise<Answer<unknown>>;
  onClose: () => void;
  onDone: () => void;
  children: (
    body: B,
    faults: readonly Fault[],
    change: (part: Partial<B>) => void,
  ) => ComponentChildren;
}) {
  const { kept } = props;
  const [body, setBody] = useState(props.body);
  const [reason, setReason] = useState('');
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const settle = async (asked: Promise<Answer<unknown>>) => {
    const got = await asked;
    if (got.ok) {
      props.onDone();
      return;
    }
    setFaults(got.problem.faults ?? []);
    setProblem(got.problem);
  };
  const unreasoned = reason.trim().length < 3;
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form
        class="organise-form"
        noValidate
        onSubmit={(submitted) => {
          submitted.preventDefault();
          void settle(props.save(body, reason));
        }}
      >
        <ProblemNote problem={problem} />
        {props.children(body, faults, (part) => setBody((old) => ({ ...old, ...part })))}
        <TextInput
          label={t('people.reason')}
          hint={t('people.reason_hint')}
          value={reason}
          onValue={setReason}
        />
        <div class="actions">
          <button type="submit" class="button button-main" disabled={unreasoned}>
            {t('organise.save')}
          </button>
          {kept !== null && (
            <button
              type="button"
              class="button button-bad"
              disabled={unreasoned}
              onClick={() => void settle(props.remove(kept, reason))}
            >
              {t('organise.without')}
            </button>
          )}
          <button type="button" class="button" onClick={props.onClose}>
            {t('app.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
