/**
 * How long seats are held, with more time for who needs it (WCAG 2.2.1): said two minutes before the
 * end, in a dialog, with a button that extends.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { intend } from '../../api/intention';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { duration } from '../../i18n/dates';
import { useServerNow } from '../../state/time';
import { Countdown } from '../../ui/countdown';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/notes';
import { announce } from '../../ui/page';

const t = texts('sale');

type Hold = Schemas['HoldView'];

const WARN_MS = 120_000;

/** Whether the moment to warn lies between two looks at the clock. */
export function warnsBetween(beforeMs: number, nowMs: number): boolean {
  return beforeMs > WARN_MS && nowMs <= WARN_MS && nowMs > 0;
}

export function HoldClock(props: {
  hold: Hold;
  extensionS: number;
  big?: boolean;
  onChange: (hold: Hold) => void;
  onEnd: () => void;
}) {
  const { hold, extensionS, onChange } = props;
  const [warned, setWarned] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const leftMs = hold.expires_at_ms - useServerNow();
  const before = useRef(leftMs);
  useEffect(() => {
    if (warnsBetween(before.current, leftMs)) setWarned(true);
    before.current = leftMs;
  }, [leftMs]);

  const extend = async () => {
    const got = await intend(`extend ${hold.id}`, (key) =>
      answer(
        api.POST('/api/v1/holds/{hold}/extend', {
          params: { path: { hold: hold.id }, header: { 'Idempotency-Key': key } },
        }),
      ),
    );
    setWarned(false);
    setProblem(got.ok ? null : got.problem);
    if (!got.ok) return;
    onChange(got.value);
    announce(t('hold.extended', { time: duration(extensionS) }));
  };

  const button = hold.extendable && (
    <button type="button" class="button" onClick={() => void extend()}>
      {t('hold.extend', { time: duration(extensionS) })}
    </button>
  );
  return (
    <div class="stack-s">
      <Countdown
        label={t('hold.left')}
        untilMs={hold.expires_at_ms}
        cautious
        big={props.big === true}
        shortMs={60_000}
        spoken
        onEnd={props.onEnd}
      />
      {button}
      <ProblemNote problem={problem} />
      {warned && leftMs > 0 && (
        <Dialog title={t('hold.warn_title')} onClose={() => setWarned(false)}>
          <p>{t('hold.warn_text')}</p>
          <Countdown label={t('hold.left')} untilMs={hold.expires_at_ms} cautious big />
          <div class="actions">
            {button}
            <button type="button" class="button button-main" onClick={() => setWarned(false)}>
              {t('hold.warn_go_on')}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
