/**
 * Going to another address.
 *
 * The router keeps a page while the next one loads, and tells it the new address meanwhile. So what
 * a page needs of its own address it takes from `useRoute`, which is the page's own; and it goes on
 * with a function that stays the same, so that an effect does not send it on a second time.
 */
import { useLocation } from 'preact-iso';
import { useCallback, useRef } from 'preact/hooks';

export function useGo(): (to: string, how?: 'replace') => void {
  const { route } = useLocation();
  const latest = useRef(route);
  latest.current = route;
  return useCallback((to: string, how?: 'replace') => latest.current(to, how === 'replace'), []);
}
