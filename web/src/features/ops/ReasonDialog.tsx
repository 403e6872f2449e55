/** Before something is done to a running system: what it changes, and why it is done. */
import { useEffect, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { lostSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { ProblemNote } from '../../ui/notes';

const t = texts('operator');

/** The shortest reason that the server takes. */
const REASON_CHARS_MIN = 3;

export interface Asked {
  reason: string;
  preview: boolean;
}

interface Question<T> {
  title: string;
  /** What the button says that does it. */
  yes: string;
  /** Whether it cannot be undone: a word has to be typed, too. */
  final?: boolean;
  ask: (asked: Asked) => Promise<Answer<T>>;
  /** What it changes, in words. */
  show: (effect: T) => ComponentChildren;
  onClose: () => void;
  onDone: (effect: T) => void;
}

export function ReasonDialog<T>(props: Question<T>) {
  const { ask } = props;
  const [effect, setEffect] = useState<{ readonly of: T } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const failed = (why: Problem) => {
    if (!lostSession(why)) setProblem(why);
  };
  useEffect(() => {
    let gone = false;
    void ask({ reason: '', preview: true }).then((got) => {
      if (gone) return;
      if (got.ok) setEffect({ of: got.value });
      else failed(got.problem);
    });
    return () => {
      gone = true;
    };
    // Once: it is about what it was opened for.
  }, []);
  const run = async (reason: string) => {
    setBusy(true);
    const got = await ask({ reason, preview: false });
    setBusy(false);
    if (got.ok) props.onDone(got.value);
    else failed(got.problem);
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <div class="stack-s" aria-busy={effect === null && problem === null}>
        {effect === null ? (
          problem === null && <p class="soft">{t('effect.loading')}</p>
        ) : (
          <div class="stack-s reason-effect">{props.show(effect.of)}</div>
        )}
        <ProblemNote problem={problem} />
      </div>
      <Reason
        yes={props.yes}
        final={props.final === true}
        ready={effect !== null && !busy}
        onClose={props.onClose}
        onYes={(reason) => void run(reason)}
      />
    </Dialog>
  );
}

function Reason(props: {
  yes: string;
  final: boolean;
  /** Whether what it changes has been seen. */
  ready: boolean;
  onClose: () => void;
  onYes: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const word = t('effect.the_word');
  const told = reason.trim().length >= REASON_CHARS_MIN;
  const ready = props.ready && told && (!props.final || typed.trim() === word);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) props.onYes(reason.trim());
      }}
    >
      <Field
        label={t('effect.reason')}
        name="reason"
        type="text"
        value={reason}
        onValue={setReason}
        hint={t('effect.reason_hint')}
      />
      {props.final && (
        <Field
          label={t('effect.word', { word })}
          name="word"
          type="text"
          value={typed}
          onValue={setTyped}
        />
      )}
      <div class="actions">
        <button
          type="submit"
          class={`button ${props.final ? 'button-bad' : 'button-main'}`}
          disabled={!ready}
        >
          {props.yes}
        </button>
        <button type="button" class="button" onClick={props.onClose}>
          {t('app.cancel')}
        </button>
      </div>
    </form>
  );
}
