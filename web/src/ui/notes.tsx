/** Things said beside or in place of what was asked for. */
import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem';
import { texts } from '../i18n';
import { explain } from '../i18n/problems';
import { ALERT, CHECK, CLOCK, Icon } from './icon';
import { INFO } from './signs';
import './notes.css';

const t = texts();

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

const ICONS: Record<Tone, string> = { plain: INFO, good: CHECK, warn: CLOCK, bad: ALERT };

/** A remark in the text. `live` has it read out when it appears. */
export function Note(props: {
  tone?: Tone;
  icon?: string;
  live?: 'polite' | 'alert';
  children: ComponentChildren;
}) {
  const tone = props.tone ?? 'plain';
  const role = props.live === 'alert' ? 'alert' : props.live === 'polite' ? 'status' : undefined;
  return (
    <div class={`note note-${tone}`} role={role}>
      <Icon path={props.icon ?? ICONS[tone]} />
      <div>{props.children}</div>
    </div>
  );
}

/** A problem in words, with what support needs to find it. */
export function ProblemNote(props: {
  problem: Problem | null;
  onRetry?: (() => void) | undefined;
}) {
  const { problem, onRetry } = props;
  if (problem === null) return null;
  return (
    <Note tone="bad" live="alert">
      <p>{explain(problem)}</p>
      {problem.status >= 500 && problem.request_id !== '' && (
        <p class="small soft">{t('failed.request', { id: problem.request_id })}</p>
      )}
      {onRetry !== undefined && (
        <p>
          <button type="button" class="button button-quiet" onClick={onRetry}>
            {t('app.retry')}
          </button>
        </p>
      )}
    </Note>
  );
}
