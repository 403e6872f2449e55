/** A part of a page that is asked for by itself. */
import type { ComponentChildren } from 'preact';
import type { Load } from '../../state/load';
import { Failed } from '../../ui/failed';

export function Section<T>(props: { load: Load<T>; children: (value: T) => ComponentChildren }) {
  const { now, reload } = props.load;
  switch (now.type) {
    case 'loading':
      return <span class="bone organise-bone" />;
    case 'failed':
      return <Failed problem={now.problem} onRetry={() => void reload()} />;
    case 'ready':
      return <>{props.children(now.value)}</>;
    default:
      return now satisfies never;
  }
}
