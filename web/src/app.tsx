/** The frame around every page, and which page an address is. */
import { useComputed, useSignal } from '@preact/signals';
import { ErrorBoundary, LocationProvider, Route, Router, lazy, useLocation } from 'preact-iso';
import { useEffect, useErrorBoundary } from 'preact/hooks';
import { waiting } from './api/client';
import { EventsPage } from './features/events/EventsPage';
import { LOCALES, chooseLocale, loadArea, locale, texts, type Area } from './i18n';
import { session, signInUrl, signOut } from './state/session';
import { theme, toggleTheme } from './state/theme';
import { Icon, MOON, PEOPLE, SUN, TICKET, USER } from './ui/icon';
import { Announcer, Page, focusPage } from './ui/page';

const t = texts();

/** A page that comes with its texts when it is first opened; pages of one file come together. */
function later<M, K extends keyof M>(
  areas: readonly Area[],
  load: () => Promise<M>,
  page: K,
): M[K] {
  return lazy(async () => {
    try {
      const [pages] = await Promise.all([load(), ...areas.map(loadArea)]);
      return { default: pages[page] };
    } catch {
      // The connection is gone, or this app is older than its server: a reload helps either way.
      return { default: Crashed as M[K] };
    }
  });
}

const fan = () => import('./features/fan');
const account = () => import('./features/account');
const seats = () => import('./features/seats');
const buy = () => import('./features/buy');

const EventPage = later(['fan'], fan, 'EventPage');
const QueuePage = later(['fan'], fan, 'QueuePage');
const MissingPage = later(['fan'], fan, 'MissingPage');
const SignInPage = later(['account', 'sale'], account, 'SignInPage');
const RegisterPage = later(['account', 'sale'], account, 'RegisterPage');
const SetupPage = later(['account', 'sale'], account, 'SetupPage');
const SeatsPage = later(['seats', 'sale'], seats, 'SeatsPage');
const CheckoutPage = later(['buy', 'sale'], buy, 'CheckoutPage');
const ReturnPage = later(['buy', 'sale'], buy, 'ReturnPage');
const OrdersPage = later(['buy', 'sale'], buy, 'OrdersPage');
const OrderPage = later(['buy', 'sale'], buy, 'OrderPage');
const TicketPage = later(['buy', 'sale'], buy, 'TicketPage');
const Operator = later(['operator', 'sale'], () => import('./features/operator'), 'default');

export function App() {
  const crash: unknown = useErrorBoundary()[0];
  if (crash !== undefined) return <Crashed />;
  return (
    <LocationProvider>
      <a class="skip" href="#main">
        {t('app.skip')}
      </a>
      <Header />
      <ErrorBoundary>
        <Router onRouteChange={focusPage}>
          <Route path="/" component={EventsPage} />
          <Route path="/events/:id" component={EventPage} />
          <Route path="/events/:id/queue" component={QueuePage} />
          <Route path="/events/:id/seats" component={SeatsPage} />
          <Route path="/checkout/return" component={ReturnPage} />
          <Route path="/checkout/failed" component={ReturnPage} />
          <Route path="/checkout/:order" component={CheckoutPage} />
          <Route path="/orders" component={OrdersPage} />
          <Route path="/orders/:order" component={OrderPage} />
          <Route path="/tickets/:ticket" component={TicketPage} />
          <Route path="/sign-in" component={SignInPage} />
          <Route path="/register" component={RegisterPage} />
          <Route path="/setup" component={SetupPage} />
          <Route path="/operator/:page?" component={Operator} />
          <Route path="/ops/:page*" component={Operator} />
          <Route default component={MissingPage} />
        </Router>
      </ErrorBoundary>
      <footer class="footer no-print">
        <p class="page small soft">{t('app.footer')}</p>
      </footer>
      <Traffic />
      <Announcer />
    </LocationProvider>
  );
}

function Header() {
  const { path, url, route } = useLocation();
  const now = session.value;
  const here = (href: string) => (path === href ? 'page' : undefined);
  const other = LOCALES.find((one) => one !== locale.value) ?? 'ko';
  const leave = async () => {
    if ((await signOut()).ok) route('/');
  };
  return (
    <header class="header no-print">
      <div class="header-inner">
        <a class="brand" href="/" aria-label={t('app.home')}>
          <img src="/favicon.svg" alt="" width="28" height="28" />
          tiketi
        </a>
        <nav class="header-nav" aria-label={t('app.nav')}>
          <a href="/" class="header-link header-events" aria-current={here('/')}>
            {t('app.events')}
          </a>
          <a href="/orders" class="header-link" aria-current={here('/orders')}>
            <Icon path={TICKET} />
            <span>{t('app.orders')}</span>
          </a>
          {now.type === 'in' && now.who.role !== 'fan' && (
            <a href="/ops" class="header-link" aria-current={here('/ops')}>
              <Icon path={PEOPLE} />
              <span>{t('app.operator')}</span>
            </a>
          )}
        </nav>
        <div class="header-tools">
          <button
            type="button"
            class="icon-button"
            lang={other}
            onClick={() => void chooseLocale(other)}
            aria-label={other === 'ko' ? '한국어로 보기' : 'Switch to English'}
          >
            {other === 'ko' ? '한' : 'EN'}
          </button>
          <button
            type="button"
            class="icon-button"
            onClick={toggleTheme}
            aria-label={theme.value === 'dark' ? t('app.to_light') : t('app.to_dark')}
          >
            <Icon path={theme.value === 'dark' ? SUN : MOON} />
          </button>
          {now.type === 'in' ? (
            <>
              <button
                type="button"
                class="icon-button"
                popovertarget="account"
                aria-label={t('app.account', { name: now.who.name })}
              >
                <Icon path={USER} />
              </button>
              <div id="account" popover="auto" class="menu">
                <p class="menu-who">
                  <b>{now.who.name}</b>
                  <span class="soft small">{now.who.email}</span>
                </p>
                <button type="button" class="button" onClick={() => void leave()}>
                  {t('app.sign_out')}
                </button>
              </div>
            </>
          ) : now.type === 'unknown' ? (
            // Somebody has signed in here before: the place is kept, so that nothing jumps.
            <span class="icon-button" />
          ) : (
            <a class="button header-sign-in" href={path === '/sign-in' ? url : signInUrl(url)}>
              {t('app.sign_in')}
            </a>
          )}
        </div>
      </div>
    </header>
  );
}

/** Says that a request waits for a busy or unreachable server, so that nobody reloads. */
function Traffic() {
  const online = useSignal(navigator.onLine);
  useEffect(() => {
    const look = () => (online.value = navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    // The frame is there as long as the page is.
  }, [online]);
  const text = useComputed(() => {
    const wait = waiting.value;
    if (!online.value) return t('wait.offline');
    if (wait === null) return '';
    const seconds = Math.max(1, Math.round(wait.ms / 1000));
    return wait.reason === 'busy' ? t('wait.busy', { seconds }) : t('wait.lost', { seconds });
  });
  return (
    <div class="traffic" role="status" data-shown={text.value !== ''}>
      {text}
    </div>
  );
}

function Crashed() {
  useEffect(focusPage, []);
  return (
    <Page title={t('crash.title')}>
      <section class="panel stack failed" role="alert">
        <h1>{t('crash.title')}</h1>
        <p class="soft">{t('crash.text')}</p>
        <p>
          <button type="button" class="button button-main" onClick={() => location.reload()}>
            {t('failed.reload')}
          </button>
        </p>
      </section>
    </Page>
  );
}
