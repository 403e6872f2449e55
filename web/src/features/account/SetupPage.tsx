import { useEffect, useState } from 'preact/hooks';
import { answer, api } from '../../api/client';
import { texts } from '../../i18n';
import { Note } from '../../ui/notes';
import { Page } from '../../ui/page';
import { AccountForm } from './AccountForm';

const t = texts('account');

export default function SetupPage() {
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => {
    // The token is good for an account: it does not stay in the history.
    history.replaceState(null, '', location.pathname);
  }, []);
  if (token === '') {
    return (
      <Page title={t('setup.title')} class="account">
        <section class="panel stack account-card">
          <h1>{t('setup.title')}</h1>
          <Note tone="bad">{t('setup.no_token')}</Note>
        </section>
      </Page>
    );
  }
  return (
    <AccountForm
      title={t('setup.title')}
      lead={t('setup.lead')}
      submit={t('setup.submit')}
      kind="new"
      then="/operator"
      send={(body) => answer(api.POST('/api/v1/setup', { body: { ...body, token } }))}
    />
  );
}
