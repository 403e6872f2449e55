/** In place of a page that could not be loaded: why, and a way back. */
import type { Problem } from '../api/problem';
import { texts } from '../i18n';
import { explain } from '../i18n/problems';

const t = texts();

export function Failed(props: { problem: Problem; onRetry: () => void }) {
  return (
    <section class="panel stack failed">
      <h1>{t('failed.title')}</h1>
      <p class="soft">{explain(props.problem)}</p>
      {props.problem.request_id !== '' && (
        <p class="small soft">{t('failed.request', { id: props.problem.request_id })}</p>
      )}
      <p class="row">
        <button type="button" class="button button-main" onClick={props.onRetry}>
          {t('app.retry')}
        </button>
        <a class="button" href="/">
          {t('missing.home')}
        </a>
      </p>
    </section>
  );
}
