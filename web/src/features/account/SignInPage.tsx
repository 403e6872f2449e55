import { useRoute } from 'preact-iso';
import { answer, api } from '../../api/client';
import { texts } from '../../i18n';
import { AccountForm } from './AccountForm';

const t = texts('account');

export default function SignInPage() {
  const { query } = useRoute();
  const next = query['next'];
  const register = next === undefined ? '/register' : `/register?next=${encodeURIComponent(next)}`;
  return (
    <AccountForm
      title={t('sign_in.title')}
      lead={t('sign_in.lead')}
      submit={t('sign_in.submit')}
      kind="known"
      then="/"
      send={({ email, password }) =>
        answer(api.POST('/api/v1/session', { body: { email, password } }))
      }
    >
      <p>
        {t('sign_in.new')} <a href={register}>{t('sign_in.register')}</a>
      </p>
    </AccountForm>
  );
}
