/**
 * Keeps a private page empty until the server has confirmed who is signed in, and that the role
 * fits. Nothing private is asked for, much less shown, before that.
 */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { mayAs, type Role } from '../state/rank';
import { confirmSession, reconfirm, session, signInUrl, type Session } from '../state/session';
import { texts } from '../i18n';
import { Failed } from './failed';
import { useGo } from './go';
import { Note } from './notes';
import { LoadingPage, Page } from './page';

const t = texts();

export function Private(props: {
  /** The least that does. */
  role?: Role;
  children: (who: Session) => ComponentChildren;
}) {
  const go = useGo();
  const { value: now } = session;
  useEffect(() => {
    if (now.type === 'unknown') void confirmSession();
    if (now.type === 'out') go(signInUrl(location.pathname + location.search), 'replace');
  }, [now.type, go]);
  switch (now.type) {
    case 'unknown':
    case 'out':
      return <LoadingPage />;
    case 'failed':
      return (
        <Page title={t('failed.title')}>
          <Failed problem={now.problem} onRetry={() => void reconfirm()} />
        </Page>
      );
    case 'in':
      if (props.role !== undefined && !mayAs(now.who, props.role)) {
        return (
          <Page title={t('error.forbidden')}>
            <Note tone="bad" live="alert">
              {t('error.forbidden')}
            </Note>
          </Page>
        );
      }
      return <>{props.children(now.who)}</>;
    default:
      return now satisfies never;
  }
}
