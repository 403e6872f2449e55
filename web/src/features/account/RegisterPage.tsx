import { useRoute } from 'preact-iso';
import { answer, api } from '../../api/client';
import { texts } from '../../i18n';
import { signInUrl } from '../../state/session';
import { AccountForm } from './AccountForm';

const t = texts('account');

export default function RegisterPage() {
  const { query } = useRoute();
  return (
    <AccountForm
      title={t('register.title')}
      lead={t('register.lead')}
      submit={t('register.submit')}
      kind="new"
      then="/"
      send={(body) => answer(api.POST('/api/v1/accounts', { body }))}
    >
      <p>
        {t('register.known')} <a href={signInUrl(query['next'] ?? '/')}>{t('register.sign_in')}</a>
      </p>
    </AccountForm>
  );
}
