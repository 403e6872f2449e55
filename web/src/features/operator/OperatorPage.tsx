/** Every sale with its numbers of now. */
import { answer, api } from '../../api/client';
import { texts } from '../../i18n';
import { useLoad } from '../../state/load';
import { Failed } from '../../ui/failed';
import { Private } from '../../ui/guard';
import { Note } from '../../ui/notes';
import { Page } from '../../ui/page';
import { Sale } from './Sale';
import './operator.css';

const t = texts('operator');

export default function OperatorPage() {
  return <Private role="operator">{() => <Sales />}</Private>;
}

function ask(cursor?: string) {
  const query = { limit: 20, ...(cursor === undefined ? {} : { cursor }) };
  return answer(api.GET('/api/v1/events', { params: { query } }));
}

function Sales() {
  const { now, reload, set } = useLoad('sales', () => ask());
  if (now.type === 'failed') {
    return (
      <Page title={t('operator.title')}>
        <Failed problem={now.problem} onRetry={() => void reload()} />
      </Page>
    );
  }
  const next = now.type === 'ready' ? (now.value.next ?? null) : null;
  const more = async () => {
    if (now.type !== 'ready' || next === null) return;
    const got = await ask(next);
    if (got.ok) set({ ...got.value, items: [...now.value.items, ...got.value.items] });
  };
  return (
    <Page title={t('operator.title')}>
      <div class="row spread">
        <h1>{t('operator.title')}</h1>
        <span class="row">
          <a class="button" href="/ops">
            {t('operator.dashboard')}
          </a>
          <a class="button" href="/docs/" target="_blank">
            {t('operator.docs')}
          </a>
          <a class="button button-main" href="/operator/gate">
            {t('operator.gate')}
          </a>
        </span>
      </div>
      <ul class="sales" aria-busy={now.type === 'loading'}>
        {now.type === 'loading'
          ? [0, 1].map((i) => <li key={i} class="bone sale-bone" />)
          : now.value.items.map((card) => <Sale key={card.id} card={card} />)}
      </ul>
      {now.type === 'ready' && now.value.items.length === 0 && <Note>{t('operator.empty')}</Note>}
      {next !== null && (
        <p class="more">
          <button type="button" class="button" onClick={() => void more()}>
            {t('app.more')}
          </button>
        </p>
      )}
    </Page>
  );
}
