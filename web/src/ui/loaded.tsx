/** A page about something that is asked for: on its way, not to be had, or there. */
import type { ComponentChildren } from 'preact';
import type { Load } from '../state/load';
import { Failed } from './failed';
import { LoadingPage, Page } from './page';

export function Loaded<T>(props: {
  load: Load<T>;
  /** Of the page that says why it could not be loaded. */
  title: string;
  children: (value: T) => ComponentChildren;
}) {
  const { now, reload } = props.load;
  switch (now.type) {
    case 'loading':
      return <LoadingPage />;
    case 'failed':
      return (
        <Page title={props.title}>
          <Failed problem={now.problem} onRetry={() => void reload()} />
        </Page>
      );
    case 'ready':
      return <>{props.children(now.value)}</>;
    default:
      return now satisfies never;
  }
}
