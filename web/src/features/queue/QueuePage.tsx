/** The waiting room: a place in line that is kept, and the turn when it comes. */
import { useRoute } from 'preact-iso';
import { useEffect, useRef } from 'preact/hooks';
import { loadArea, texts } from '../../i18n';
import { askEvent, type EventView } from '../../state/event';
import { useFan } from '../../state/fan';
import { useLoad } from '../../state/load';
import { useGo } from '../../ui/go';
import { Private } from '../../ui/guard';
import { ProblemNote } from '../../ui/notes';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { Turn } from './Turn';
import { Waiting } from './Waiting';
import './queue.css';
import type { Stage } from './stage';
import { useRoom } from './useRoom';

const t = texts('fan');

export default function QueuePage() {
  return <Private>{() => <Room />}</Private>;
}

function Room() {
  const id = useRoute().params['id'] ?? '';
  const load = useLoad(id, () => askEvent(id));
  return (
    <Loaded load={load} title={t('queue.title')}>
      {(value) => <InRoom key={id} event={value} />}
    </Loaded>
  );
}

function InRoom({ event }: { event: EventView }) {
  const { query } = useRoute();
  const go = useGo();
  const fan = useFan(event.id);
  const wantsIn = useRef(query['join'] !== undefined);
  const { stage, problem, join, claim, leave } = useRoom(event.id, fan, wantsIn.current);
  const me = fan.me.value;
  usePreparedSeats(stage.type);

  useEffect(() => {
    if (!wantsIn.current) return;
    wantsIn.current = false;
    // A reload shows the place that was given, and does not ask for another one.
    go(`/events/${event.id}/queue`, 'replace');
    void join();
  }, [event.id, join, go]);

  useEffect(() => {
    if (stage.type === 'admitted') go(`/events/${event.id}/seats`, 'replace');
  }, [stage.type, event.id, go]);

  return (
    <Page title={t('queue.title')} class="queue">
      <p class="queue-event">
        <a href={`/events/${event.id}`}>{event.title}</a>
      </p>
      <h1 class="visually-hidden">{t('queue.title')}</h1>
      <ProblemNote problem={problem} />
      {me.type === 'failed' && <ProblemNote problem={me.problem} onRetry={() => void fan.ask()} />}
      {stage.type === 'outside' ? (
        <Outside why={stage.why} onJoin={() => void join()} />
      ) : (
        <Waiting
          event={event}
          fan={fan}
          number={stage.type === 'waiting' ? stage.number : null}
          ahead={stage.type === 'waiting' ? stage.ahead : null}
          onLeave={leave}
        />
      )}
      {stage.type === 'called' && (
        <Turn
          event={event}
          claimByMs={stage.claimByMs}
          onClaim={claim}
          onEnd={() => void fan.ask()}
        />
      )}
    </Page>
  );
}

/** The longest that a waiting fan's browser puts off fetching the seat map's code. */
const PREPARE_MS_MAX = 45_000;

/**
 * Fetches what comes next while the fan waits: each at a moment of its own, so that a crowd that
 * joined together does not fetch together; at once when the turn comes.
 */
function usePreparedSeats(stage: Stage['type']): void {
  const called = stage === 'called';
  const waits = stage === 'waiting';
  useEffect(() => {
    if (!called && !waits) return;
    const prepare = () =>
      void Promise.all([import('../seats'), loadArea('seats'), loadArea('sale')]).catch(() => null);
    const timer = setTimeout(prepare, called ? 0 : Math.random() * PREPARE_MS_MAX);
    return () => clearTimeout(timer);
  }, [called, waits]);
}

function Outside({ why, onJoin }: { why: 'new' | 'left' | 'lapsed'; onJoin: () => void }) {
  const [title, text] =
    why === 'lapsed'
      ? [t('queue.lapsed_title'), t('queue.lapsed_text')]
      : why === 'left'
        ? [t('queue.left_title'), t('queue.outside_text')]
        : [t('queue.outside_title'), t('queue.outside_text')];
  return (
    <section class="panel stack queue-card" role="status">
      <h2>{title}</h2>
      <p class="soft">{text}</p>
      <p>
        <button type="button" class="button button-main" onClick={onJoin}>
          {t('queue.join')}
        </button>
      </p>
    </section>
  );
}
