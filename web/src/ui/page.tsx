/** What every page has: a title in the tab, a main part, and a way to say something aloud. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { texts } from '../i18n';

const t = texts();

/** Sets the tab's title while the component is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'tiketi' : `${title} · tiketi`;
  }, [title]);
}

/** A page's main part. */
export function Page(props: { title: string; class?: string; children: ComponentChildren }) {
  useTitle(props.title);
  return (
    <main id="main" class={`page ${props.class ?? ''}`} tabIndex={-1}>
      {props.children}
    </main>
  );
}

/** Moves the focus to what is new, as a browser does when it loads a page. */
export function focusPage(): void {
  requestAnimationFrame(() => {
    const main = document.getElementById('main');
    const head = main?.querySelector('h1');
    head?.setAttribute('tabindex', '-1');
    (head ?? main)?.focus({ preventScroll: true });
  });
}

const said = signal('');

/** Has a screen reader say something when it is free to. */
export function announce(text: string): void {
  // A region whose text does not change says nothing.
  said.value = said.peek() === text ? `${text}\u00a0` : text;
}

export function Announcer() {
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}

/** A page on its way. */
export function LoadingPage() {
  return (
    <main id="main" class="page" tabIndex={-1}>
      <p class="visually-hidden">{t('app.loading')}</p>
      <span class="bone bone-title" />
      <span class="bone bone-block" />
    </main>
  );
}
