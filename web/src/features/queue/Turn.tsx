/** The dialog that says that it is the fan's turn. */
import { useEffect, useState } from 'preact/hooks';
import { texts } from '../../i18n';
import { duration } from '../../i18n/dates';
import type { EventView } from '../../state/event';
import { Countdown } from '../../ui/countdown';
import { Dialog } from '../../ui/dialog';

const t = texts('fan');

/**
 * The turn. It is taken by a button and never by itself: a tab that is open is no fan who is there,
 * and a session that nobody uses keeps others waiting. The time to press it is minutes, so nobody
 * loses anything by the press.
 */
export function Turn(props: {
  event: EventView;
  claimByMs: number;
  onClaim: () => Promise<void>;
  onEnd: () => void;
}) {
  const { event, claimByMs } = props;
  const [claiming, setClaiming] = useState(false);
  const session = duration(event.rules.session_ttl_s);
  useEffect(() => {
    document.title = t('queue.tab_turn', { event: event.title });
  }, [event.title]);
  const claim = async () => {
    setClaiming(true);
    await props.onClaim();
    setClaiming(false);
  };
  return (
    <Dialog title={t('queue.turn_title')} alert onClose={() => undefined}>
      <p>{t('queue.turn_text', { time: session })}</p>
      <Countdown
        label={t('queue.turn_left')}
        untilMs={claimByMs}
        cautious
        big
        spoken
        shortMs={15_000}
        onEnd={props.onEnd}
      />
      <div class="actions">
        <button
          type="button"
          class="button button-main button-wide"
          disabled={claiming}
          onClick={() => void claim()}
        >
          {t('queue.claim')}
        </button>
      </div>
    </Dialog>
  );
}
