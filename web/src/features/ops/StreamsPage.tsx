/** How far records have got on their way to others, and frames on theirs to browsers. */
import { useEffect } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { compact, timeOfDay } from '../../i18n/dates';
import { number } from '../../i18n/format';
import type { FrameOf } from '../../model/ops';
import { actorAddress } from '../../model/past';
import { useLoad } from '../../state/load';
import { mayAs } from '../../state/rank';
import type { Session } from '../../state/session';
import { Private } from '../../ui/guard';
import { Note, ProblemNote } from '../../ui/notes';
import { figureText, momentText, type Known } from './figures';
import { Figure } from './Figure';
import { Frame } from './Frame';
import { useLetterActs } from './LetterActs';
import { useWatch } from './useWatch';

const t = texts('operator');

type Streams = FrameOf<'streams'>;

export default function StreamsPage() {
  return <Private role="viewer">{(who) => <Shown who={who} />}</Private>;
}

function Shown({ who }: { who: Session }) {
  const { frame, state } = useWatch('streams', 'topic=streams');
  const buried = frame?.consumers.reduce((sum, consumer) => sum + consumer.buried, 0) ?? 0;
  return (
    <Frame who={who} title={t('ops.streams')} at={frame?.at ?? null} state={state}>
      {frame === null ? (
        <span class="bone ops-bone" />
      ) : (
        <div class="stack">
          {!frame.complete && (
            <Note tone="warn">
              <p>{t('ops.incomplete')}</p>
            </Note>
          )}
          <Relay relay={frame.relay} />
          <Consumers consumers={frame.consumers} />
          <Sockets nodes={frame.nodes} />
        </div>
      )}
      <DeadLetters buried={buried} may={mayAs(who, 'operator')} />
    </Frame>
  );
}

function Relay({ relay }: { relay: Streams['relay'] }) {
  return (
    <section class="panel stack-s">
      <h2>{t('ops.relay')}</h2>
      {relay === null || relay === undefined ? (
        <p>{t('ops.no_relay')}</p>
      ) : (
        <dl class="ops-figures ops-state num">
          <Figure label={t('ops.stuck')} bad={relay.stuck_events > 0}>
            {number(relay.stuck_events)}
          </Figure>
          <Figure label={t('ops.lag_records')}>{number(relay.lag_records)}</Figure>
          <Figure label={t('ops.complete_until')}>{timeOfDay(relay.complete_until)}</Figure>
          <Figure label={t('ops.published')}>{tenths(relay.published)}</Figure>
          <Figure label={t('ops.failures')}>{number(relay.failures)}</Figure>
          <Figure label={t('ops.node')}>
            <span class="ops-code">{relay.node}</span>
          </Figure>
        </dl>
      )}
      <p class="soft small">{t('ops.relay_about')}</p>
    </section>
  );
}

function Consumers({ consumers }: { consumers: Streams['consumers'] }) {
  return (
    <section class="stack-s">
      <h2>{t('ops.consumers')}</h2>
      <div class="scroll" role="region" aria-label={t('ops.consumers')} tabIndex={0}>
        <table class="ops-table ops-sums num">
          <thead>
            <tr>
              <th scope="col">{t('ops.consumer')}</th>
              <th scope="col">{t('ops.nodes')}</th>
              <th scope="col">{t('ops.lag_messages')}</th>
              <th scope="col">{t('ops.counted')}</th>
              <th scope="col">{t('ops.buried')}</th>
              <th scope="col">{t('ops.failures')}</th>
            </tr>
          </thead>
          <tbody>
            {consumers.map((consumer) => (
              <tr key={consumer.name}>
                <th scope="row">
                  <code>{consumer.name}</code>
                </th>
                <td>{number(consumer.nodes)}</td>
                <td>
                  {figureText(consumer.lag)}
                  {consumer.lag_at && <span class="soft small ops-under">{timeOfDay(consumer.lag_at)}</span>}
                </td>
                <td>{tenths(consumer.counted)}</td>
                <td>{number(consumer.buried)}</td>
                <td>{number(consumer.failures)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {consumers.map((consumer) => (
        <Partitions key={consumer.name} consumer={consumer} />
      ))}
    </section>
  );
}

function Partitions({ consumer }: { consumer: Streams['consumers'][number] }) {
  if (consumer.partitions.length < 2) return null;
  return (
    <details>
      <summary>{t('ops.by_partition', { name: consumer.name })}</summary>
      <table class="ops-table ops-sums num">
        <thead>
          <tr>
            <th scope="col">{t('ops.partition')}</th>
            <th scope="col">{t('ops.lag_messages')}</th>
          </tr>
        </thead>
        <tbody>
          {consumer.partitions.map(({ partition, lag }) => (
            <tr key={partition}>
              <th scope="row">{partition}</th>
              <td>{number(lag)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Sockets({ nodes }: { nodes: Streams['nodes'] }) {
  return (
    <section class="stack-s">
      <h2>{t('ops.sockets')}</h2>
      <div class="scroll" role="region" aria-label={t('ops.sockets')} tabIndex={0}>
        <table class="ops-table ops-sums num">
          <thead>
            <tr>
              <th scope="col">{t('ops.node')}</th>
              <th scope="col">{t('ops.sockets')}</th>
              <th scope="col">{t('ops.frames')}</th>
              <th scope="col">{t('ops.bytes')}</th>
              <th scope="col">{t('ops.behind')}</th>
              <th scope="col">{t('ops.resyncs')}</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={node.node}>
                <th scope="row">
                  <code>{node.node}</code>
                </th>
                <td>{number(node.sockets)}</td>
                <td>{tenths(node.frames)}</td>
                <td>{node.bytes === null || node.bytes === undefined ? '–' : compact(node.bytes)}</td>
                <td>{number(node.behind)}</td>
                <td>{number(node.resyncs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="soft small">{t('ops.sockets_about')}</p>
    </section>
  );
}

function tenths(value: Known): string {
  return figureText(typeof value === 'number' ? Math.round(value * 10) / 10 : value);
}

/** Read anew whenever there are more of them. */
function DeadLetters({ buried, may }: { buried: number; may: boolean }) {
  const { now, reload } = useLoad('dead letters', () => answer(api.GET('/api/v1/ops/dead-letters')));
  useEffect(() => void reload(), [buried, reload]);
  const { ask, dialog, note } = useLetterActs(() => void reload());
  return (
    <section class="stack-s ops-pages">
      <h2>{t('ops.dead_letters')}</h2>
      {note}
      {now.type === 'loading' && <span class="bone ops-dead" />}
      {now.type === 'failed' && (
        <ProblemNote problem={now.problem} onRetry={() => void reload()} />
      )}
      {now.type === 'ready' && <Letters dead={now.value} ask={may ? ask : null} />}
      {dialog}
    </section>
  );
}

type Ask = ((position: string) => void) | null;

function Letters({ dead, ask }: { dead: Schemas['DeadLettersView']; ask: Ask }) {
  if (!dead.reached) return <p>{t('ops.dead_elsewhere')}</p>;
  return (
    <>
      {!dead.lasting && <p class="soft small">{t('ops.dead_in_memory')}</p>}
      {dead.letters.length === 0 ? <p>{t('ops.no_dead')}</p> : <Table letters={dead.letters} ask={ask} />}
      {dead.more && <p>{t('ops.dead_more')}</p>}
    </>
  );
}

function Table({ letters, ask }: { letters: Schemas['DeadLettersView']['letters']; ask: Ask }) {
  return (
    <div class="scroll" role="region" aria-label={t('ops.dead_letters')} tabIndex={0}>
      <table class={`ops-table ops-words num ${ask === null ? '' : 'acts-rows'}`}>
        <thead>
          <tr>
            <th scope="col">{t('ops.position')}</th>
            <th scope="col">{t('column.title')}</th>
            <th scope="col">{t('ops.record')}</th>
            <th scope="col">{t('ops.when')}</th>
            <th scope="col" class="ops-word">{t('ops.dead_reason')}</th>
            {ask !== null && <th scope="col">{t('control.act')}</th>}
          </tr>
        </thead>
        <tbody>
          {letters.map(({ position, event, seq, buried_at, reason }) => (
            <tr key={position}>
              <th scope="row">
                <code>{position}</code>
              </th>
              <td>{event ? <a href={actorAddress(event, seq ?? null)}>{event}</a> : '–'}</td>
              <td>{figureText(seq)}</td>
              <td>{momentText(buried_at)}</td>
              <td class="ops-word">{reason}</td>
              {ask !== null && (
                <td>
                  <button type="button" class="button" onClick={() => ask(position)}>
                    {t('action.replay_dead_letter')}
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
