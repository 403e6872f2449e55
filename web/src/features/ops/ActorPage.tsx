/** One actor: what it does now, and its event as it was after any record of its journal. */
import { useCallback, useState } from 'preact/hooks';
import { texts } from '../../i18n';
import { duration, timeOfDay } from '../../i18n/dates';
import { number } from '../../i18n/format';
import type { FrameOf } from '../../model/ops';
import { rememberBeat, type Beat } from '../../model/past';
import { mayAs } from '../../state/rank';
import type { Session } from '../../state/session';
import { Private } from '../../ui/guard';
import { Note } from '../../ui/notes';
import { Figure } from './Figure';
import { LEASE_MS_MAX, figureText, timeText, titleText } from './figures';
import { Frame } from './Frame';
import { Line } from './Line';
import { Past } from './Past';
import { useWatch } from './useWatch';

const t = texts('operator');

type ActorFrame = FrameOf<'actor'>;
type Actor = NonNullable<ActorFrame['actor']>;

export default function ActorPage({ event }: { event: string }) {
  return <Private role="viewer">{(who) => <Shown key={event} who={who} event={event} />}</Private>;
}

function Shown({ who, event }: { who: Session; event: string }) {
  const [beats, setBeats] = useState<readonly Beat[]>([]);
  const keep = useCallback((frame: ActorFrame) => setBeats((old) => rememberBeat(old, frame)), []);
  const { frame, state } = useWatch('actor', `topic=actor&event=${event}`, keep);
  const actor = frame?.actor ?? null;
  const title = actor === null ? event : titleText(actor);
  return (
    <Frame who={who} title={title} at={frame?.at ?? null} state={state}>
      <p class="row">
        <a href="/ops/actors">{t('ops.all_actors')}</a>
        <a href={`/events/${event}`}>{t('ops.event_page')}</a>
        <code class="small soft">{event}</code>
      </p>
      {frame === null ? <span class="bone ops-bone" /> : <Now frame={frame} beats={beats} />}
      <Past event={event} live={actor?.seq ?? null} may={mayAs(who, 'operator')} />
    </Frame>
  );
}

function Now({ frame, beats }: { frame: ActorFrame; beats: readonly Beat[] }) {
  const { actor } = frame;
  return (
    <>
      {!frame.complete && (
        <Note tone="warn">
          <p>{t('ops.incomplete')}</p>
        </Note>
      )}
      {actor === null || actor === undefined ? (
        <Note>
          <p>{t('ops.no_owner')}</p>
        </Note>
      ) : (
        <Figures actor={actor} frame={frame} />
      )}
      <div class="ops-halves">
        <Beats beats={beats} />
        <Rejections rejections={frame.rejections} />
      </div>
    </>
  );
}

function Figures({ actor, frame }: { actor: Actor; frame: ActorFrame }) {
  const sockets = frame.sockets.reduce((sum, node) => sum + node.sockets, 0);
  const age = actor.snapshot_age_s;
  const lease = Math.round(actor.lease_left_ms / 100) / 10;
  return (
    <dl class="ops-figures num">
      <Figure label={t('ops.status')}>
        <span class={`badge ${actor.status === 'open' ? 'badge-good' : 'badge-warn'}`}>
          {t(`status.${actor.status}`)}
        </span>
      </Figure>
      <Figure label={t('ops.owner')}>
        <a class="ops-code" href={`/ops/actors?node=${actor.node}`}>
          {actor.node}
        </a>
      </Figure>
      <Figure label={t('ops.owned_time')}>{duration(actor.owned_for_s)}</Figure>
      <Figure label={t('ops.fence')}>{number(actor.fence)}</Figure>
      {actor.lease_left_ms < LEASE_MS_MAX && (
        <Figure label={t('ops.lease_left')}>{t('ops.seconds', { n: lease })}</Figure>
      )}
      <Figure label={t('column.take_overs')}>{number(actor.take_overs)}</Figure>
      <Figure label={t('ops.record')}>{number(actor.seq)}</Figure>
      <Figure label={t('ops.quiet_for')}>{duration(actor.quiet_for_s)}</Figure>
      <Figure label={t('column.unsnapped')}>{number(actor.unsnapped)}</Figure>
      <Figure label={t('column.snapshot')}>
        {age === null || age === undefined ? t('ops.none') : duration(age)}
      </Figure>
      <Figure label={t('column.rate')}>{figureText(actor.rate)}</Figure>
      <Figure label={t('column.depth')}>{number(actor.depth)}</Figure>
      <Figure label={t('column.wait')}>{timeText(actor.wait_us)}</Figure>
      <Figure label={t('column.turn')}>{timeText(actor.turn_us)}</Figure>
      <Figure label={t('column.batch')}>{figureText(actor.batch)}</Figure>
      <Figure label={t('column.append')}>{timeText(actor.append_us)}</Figure>
      <Figure label={t('column.rejections')}>{figureText(actor.rejections)}</Figure>
      <Figure label={t('column.refusals')}>{number(actor.refusals)}</Figure>
      <Figure label={t('column.line')}>{number(actor.line)}</Figure>
      <Figure label={t('ops.inside')}>{number(actor.inside)}</Figure>
      <Figure label={t('ops.sockets')}>{number(sockets)}</Figure>
    </dl>
  );
}

const LINES = [
  ['rate', figureText],
  ['wait', timeText],
  ['append', timeText],
  ['batch', figureText],
] as const;

function Beats({ beats }: { beats: readonly Beat[] }) {
  const last = beats.at(-1);
  return (
    <section class="panel stack-s">
      <h2>{t('ops.last_minutes')}</h2>
      {LINES.map(([name, text]) => {
        const values = beats.map((beat) => beat[name] ?? 0);
        const label = t(`column.${name}`);
        const [now, most] = [text(last?.[name]), text(Math.max(0, ...values))];
        return (
          <div key={name}>
            <p class="soft small num">{t('ops.line', { name: label, now, most })}</p>
            <Line values={values} width={600} height={40} />
          </div>
        );
      })}
      <details>
        <summary>{t('ops.as_table')}</summary>
        <div class="scroll" role="region" aria-label={t('ops.last_minutes')} tabIndex={0}>
          <table class="ops-table ops-sums num">
            <thead>
              <tr>
                <th scope="col">{t('ops.when')}</th>
                {LINES.map(([name]) => (
                  <th key={name} scope="col">
                    {t(`column.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {beats.toReversed().map((beat) => (
                <tr key={beat.at}>
                  <th scope="row">{timeOfDay(beat.at)}</th>
                  {LINES.map(([name, text]) => (
                    <td key={name}>{text(beat[name])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

function Rejections({ rejections }: { rejections: ActorFrame['rejections'] }) {
  const sorted = [...rejections].sort((a, b) => b.count - a.count);
  return (
    <section class="panel stack-s">
      <h2>{t('ops.rejections')}</h2>
      {sorted.length === 0 ? (
        <p class="soft">{t('ops.no_rejections')}</p>
      ) : (
        <table class="ops-table ops-sums num">
          <thead>
            <tr>
              <th scope="col">{t('ops.code')}</th>
              <th scope="col">{t('ops.count')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(({ code, count }) => (
              <tr key={code}>
                <th scope="row">
                  <code>{code}</code>
                </th>
                <td>{number(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="soft small">{t('ops.rejections_about')}</p>
    </section>
  );
}
