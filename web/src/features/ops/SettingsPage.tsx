/** The settings in force, each with where it came from. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { Failed } from '../../ui/failed';
import { Private } from '../../ui/guard';
import { Frame } from './Frame';

const t = texts('operator');

export default function SettingsPage() {
  return <Private role="operator">{(who) => <Shown who={who} />}</Private>;
}

function Shown({ who }: { who: Session }) {
  const { now, reload } = useLoad('settings', () => answer(api.GET('/api/v1/ops/settings')));
  return (
    <Frame who={who} title={t('setting.title')}>
      {now.type === 'failed' ? (
        <Failed problem={now.problem} onRetry={() => void reload()} />
      ) : now.type === 'loading' ? (
        <span class="bone ops-bone" />
      ) : (
        <Settings view={now.value} />
      )}
    </Frame>
  );
}

function Settings({ view }: { view: Schemas['SettingsView'] }) {
  const [changed, setChanged] = useState(false);
  const rows = view.settings.filter((row) => !changed || row.origin !== 'default');
  return (
    <div class="stack">
      <p class="soft">{t('setting.about', { node: view.node })}</p>
      <label class="row">
        <input
          type="checkbox"
          name="changed"
          checked={changed}
          onChange={(event) => setChanged(event.currentTarget.checked)}
        />
        {t('setting.changed')}
      </label>
      <div class="scroll" role="region" aria-label={t('setting.title')} tabIndex={0}>
        <table class="ops-table setting-table">
          <thead>
            <tr>
              <th scope="col">{t('setting.name')}</th>
              <th scope="col">{t('setting.value')}</th>
              <th scope="col">{t('setting.origin')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">
                  <code>{row.name}</code>
                </th>
                <td>
                  <Value value={row.value ?? null} />
                </td>
                <td>
                  <span class={`badge ${row.origin === 'default' ? '' : 'badge-accent'}`}>
                    {t(`origin.${row.origin}`)}
                  </span>
                  {row.from !== '' && <code class="ops-under">{row.from}</code>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Value({ value }: { value: string | null }) {
  if (value === null) return <span class="badge">{t('setting.secret')}</span>;
  return value === '' ? <span class="soft">{t('setting.empty')}</span> : <code>{value}</code>;
}
