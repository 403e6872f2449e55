/** What every page here has: the way to the others, whether it is live, and a button to freeze it. */
import { useLocation } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { WatchState } from '../../api/watch';
import { texts } from '../../i18n';
import { timeOfDay } from '../../i18n/dates';
import { mayAs } from '../../state/rank';
import type { Session } from '../../state/session';
import { Page } from '../../ui/page';
import { frozen } from './useWatch';
import './ops.css';

const t = texts('operator');

const PLACES = [
  ['/ops', 'ops.overview'],
  ['/ops/nodes', 'ops.nodes'],
  ['/ops/actors', 'ops.actors'],
  ['/ops/streams', 'ops.streams'],
] as const;

const OPERATORS = [
  ['/ops/audit', 'audit.title'],
  ['/ops/settings', 'setting.title'],
] as const;

export function Frame(props: {
  who: Session;
  title: string;
  /** When what is shown was so; null if nothing has come yet. */
  at?: string | null;
  /** Absent if the page is not renewed by itself. */
  state?: WatchState;
  children: ComponentChildren;
}) {
  const { path } = useLocation();
  useEffect(() => () => void (frozen.value = false), []);
  return (
    <Page title={props.title} class="ops">
      <div class="staff-head">
        <h1>{props.title}</h1>
        {props.state !== undefined && <Liveness at={props.at ?? null} state={props.state} />}
      </div>
      <nav class="tabs" aria-label={t('ops.pages')}>
        {PLACES.map(([href, key]) => (
          <a key={href} href={href} aria-current={path === href ? 'page' : undefined}>
            {t(key)}
          </a>
        ))}
        {mayAs(props.who, 'operator') &&
          OPERATORS.map(([href, key]) => (
            <a key={href} href={href} aria-current={path === href ? 'page' : undefined}>
              {t(key)}
            </a>
          ))}
        {mayAs(props.who, 'operator') && <a href="/operator">{t('app.operator')}</a>}
        {mayAs(props.who, 'operator') && <a href="/ops/organise">{t('ops.organise')}</a>}
      </nav>
      {props.children}
    </Page>
  );
}

function Liveness(props: { at: string | null; state: WatchState }) {
  return (
    <div class="row">
      <p class="soft small num ops-at" role="status">
        {stateText(props.at, props.state)}
      </p>
      <button
        type="button"
        class="button"
        aria-pressed={frozen.value}
        onClick={() => (frozen.value = !frozen.value)}
      >
        {frozen.value ? t('ops.thaw') : t('ops.freeze')}
      </button>
    </div>
  );
}

function stateText(at: string | null, state: WatchState): string {
  if (at === null) return state === 'lost' ? t('ops.lost') : t('ops.connecting');
  if (frozen.value) return t('ops.frozen_at', { at: timeOfDay(at) });
  // Told apart from the time, so that it is not read out every second.
  return state === 'lost' ? t('ops.lost_at', { at: timeOfDay(at) }) : t('ops.live');
}
