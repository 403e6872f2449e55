/** Light or dark: what the system says, unless somebody chose otherwise here. */
import { signal } from '@preact/signals';
import { shared } from '../api/client';

export type Theme = 'light' | 'dark';

const KEPT_AS = 'tiketi.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function kept(): Theme | null {
  const theme = shared.getItem(KEPT_AS);
  return theme === 'light' || theme === 'dark' ? theme : null;
}

/** What is shown. */
export const theme = signal<Theme>(kept() ?? (system.matches ? 'dark' : 'light'));

function show(): void {
  const chosen = kept();
  if (chosen === null) delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
  theme.value = chosen ?? (system.matches ? 'dark' : 'light');
}

/** Shows what was chosen here, and follows the system while nothing was. */
export function startTheme(): void {
  show();
  system.addEventListener('change', show);
}

/** Changes to the other one; back to the system's is forgetting the choice. */
export function toggleTheme(): void {
  const next: Theme = theme.peek() === 'dark' ? 'light' : 'dark';
  if (next === (system.matches ? 'dark' : 'light')) shared.removeItem(KEPT_AS);
  else shared.setItem(KEPT_AS, next);
  show();
}
