/** What staff do with a reason, and what the audit log's page has of it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import texts from '../src/i18n/en/acts';
import { mayBeRecorded } from '../src/model/deeds';
import { until, type Visitor } from './browser';
import type { Account, Schemas } from './server';

/** Everything that can be done to a cluster. */
export const NODE_DEEDS = ['drain_node', 'rejoin_node', 'rebalance', 'replay_dead_letter'] as const;

/** What pages call something that can be done. */
export function nameOf(action: string): string {
  const name = (texts as Readonly<Record<string, unknown>>)[`action.${action}`];
  if (typeof name !== 'string') throw new Error(`pages have no name for ${action}`);
  return name;
}

/** Gives the reason that a dialog asks for, once it has shown what it changes. */
export async function agree(page: Page, action: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  const yes = dialog.getByRole('button', { name: action, exact: true });
  await until('what it changes was shown', () => yes.isEnabled());
  await yes.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

/** Something that was done, as the log has it. */
export interface Deed {
  readonly action: string;
  readonly reason: string;
  /** To what, exactly or in part; nothing if to all of the event. */
  readonly target?: string | RegExp;
  readonly event?: string | RegExp;
}

const OUTCOMES = { asked: 'Asked', done: 'Done' };

/**
 * Opens the log of what somebody did; it has these deeds in this order and no others, and leads to the
 * records of those that leave some.
 */
export async function logShows(
  visitor: Visitor,
  by: Account,
  deeds: readonly Deed[],
  event?: string,
): Promise<void> {
  const query = new URLSearchParams({ by: by.email, ...(event === undefined ? {} : { event }) });
  await visitor.open(`/ops/audit?${query}`);
  const rows = visitor.page.locator('.audit-table tbody tr');
  await rows.first().waitFor();
  const shown = await rows.evaluateAll((all) =>
    all.map((row) => [...row.children].slice(2).map((cell) => cell.textContent)),
  );
  const cell = (text: string | RegExp = '–'): unknown =>
    typeof text === 'string' ? text : expect.stringMatching(text);
  const told = deeds.flatMap(({ action, reason, target, event: of }) =>
    (['asked', 'done'] as const).map((outcome) => [
      by.email,
      nameOf(action),
      OUTCOMES[outcome] + (mayBeRecorded({ event: 'any', action, outcome }) ? ' Record' : ''),
      reason,
      cell(target),
      cell(of ?? event),
    ]),
  );
  expect(shown.reverse()).toEqual(told);
}

/** A row of an event's chart, by its labels, and how many seats it has. */
export async function rowOf(
  operator: Account,
  event: string,
): Promise<{ name: string; seats: number }> {
  const ask = <T>(path: string) => operator.ask<T>('GET', path);
  const { chart: hash } = await ask<Schemas['EventView']>(`/api/v1/events/${event}`);
  const chart = await ask<Schemas['ChartView']>(`/api/v1/charts/${hash}`);
  const row = chart.blocks.find((block) => block.kind === 'row');
  const section = chart.sections[row?.section ?? 0];
  if (row === undefined || section === undefined) throw new Error('the chart has no row');
  return { name: `${section.label} / ${row.label}`, seats: row.count };
}
