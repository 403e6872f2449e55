/** Whether what is shown is live: a sign and a word. */
import type { Live } from '../api/live';
import { texts } from '../i18n';
import { ALERT, Icon } from './icon';
import { SIGNAL } from './signs';
import './connection.css';

const t = texts();

export function ConnectionBadge({ live }: { live: Live }) {
  const { type } = live.connection.value;
  switch (type) {
    case 'live':
      return (
        <span class="badge badge-good" role="status">
          <span class="pulse" aria-hidden="true" />
          {t('live.live')}
        </span>
      );
    case 'connecting':
    case 'suspended':
      return (
        <span class="badge" role="status">
          <Icon path={SIGNAL} size={14} />
          {t('live.connecting')}
        </span>
      );
    case 'retrying':
      return (
        <span class="row">
          <span class="badge badge-warn" role="status">
            <Icon path={ALERT} size={14} />
            {t('live.retrying')}
          </span>
          <button type="button" class="button-text" onClick={() => live.retryNow()}>
            {t('app.retry')}
          </button>
        </span>
      );
    case 'outdated':
      return (
        <button type="button" class="badge badge-bad" onClick={() => location.reload()}>
          <Icon path={ALERT} size={14} />
          {t('live.outdated')}
        </button>
      );
    default:
      return type satisfies never;
  }
}
