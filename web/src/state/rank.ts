/** Who may do what, so that a page does not offer what the server would refuse. */
import type { Session } from './session';

export type Role = Session['role'];

/** Each role may do what those before it may. */
const RANKS: readonly Role[] = ['fan', 'viewer', 'operator', 'administrator'];

/** Whether somebody may do what a role may. */
export function mayAs(who: Session, least: Role): boolean {
  return RANKS.indexOf(who.role) >= RANKS.indexOf(least);
}
