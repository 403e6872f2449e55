/** What every page here has: a title, and the way to the others. */
import { useLocation } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { texts } from '../../i18n';
import { mayAs } from '../../state/rank';
import type { Session } from '../../state/session';
import { Page } from '../../ui/page';

const t = texts('operator');

const PLACES = [
  ['/ops/organise', 'organise.events', 'operator'],
  ['/ops/organise/plans', 'organise.plans', 'operator'],
  ['/ops/organise/venues', 'organise.venues', 'operator'],
  ['/ops/organise/artists', 'organise.artists', 'operator'],
  ['/ops/organise/rehearsals', 'rehearse.title', 'operator'],
  ['/ops/organise/people', 'organise.people', 'administrator'],
] as const;

export function Desk(props: {
  who: Session;
  title: string;
  /** Beside the title. */
  tools?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { path } = useLocation();
  return (
    <Page title={props.title} class="organise">
      <div class="staff-head">
        <h1>{props.title}</h1>
        {props.tools}
      </div>
      <nav class="tabs" aria-label={t('organise.pages')}>
        {PLACES.filter(([, , role]) => mayAs(props.who, role)).map(([href, key]) => (
          <a key={href} href={href} aria-current={path === href ? 'page' : undefined}>
            {t(key)}
          </a>
        ))}
        <a href="/ops">{t('operator.dashboard')}</a>
      </nav>
      {props.children}
    </Page>
  );
}
