/** There is nothing at an address. */
import { texts } from '../../i18n';
import { Page } from '../../ui/page';

const t = texts('fan');

export default function MissingPage() {
  return (
    <Page title={t('missing.title')}>
      <section class="panel stack failed">
        <h1>{t('missing.title')}</h1>
        <p class="soft">{t('missing.text')}</p>
        <p>
          <a class="button button-main" href="/">
            {t('missing.home')}
          </a>
        </p>
      </section>
    </Page>
  );
}
