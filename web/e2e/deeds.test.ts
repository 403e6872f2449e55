/**
 * Everything that can be done to a sale: refused to a viewer, who is not offered it either; done by an
 * operator by the page, which shows what it changes and asks why; found in the log; taken back where
 * that can be. What is to be done that is in no table here or in preparing.test.ts fails the first tests.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import openapi from '../openapi.json';
import { until } from './browser';
import { holdOf, orderOf, pay } from './buying';
import { agree, logShows, nameOf, rowOf, type Deed } from './deeds';
import { newEvent, newFan, newStaff, type Account, type Schemas } from './server';
import { stage } from './stage';

const set = stage();

type Action = Schemas['ActionName'];
type Body = Partial<Schemas['ActionBody']>;
type Effect = Schemas['EffectView'];

let operator: Account;
let viewer: Account;

beforeAll(async () => {
  operator = await newStaff(set.operator, 'operator');
  viewer = await newStaff(set.operator, 'viewer');
});

/** Without a page: to prepare a sale. */
function act(event: string, action: Action, body: Body = {}): Promise<Effect> {
  const sent = { reason: 'prepared', ...body, action };
  return set.operator.ask('POST', `/api/v1/ops/events/${event}/actions`, sent);
}

const look = (event: string, action: Action = 'pause', body: Body = {}) =>
  act(event, action, { ...body, preview: true });

interface SaleDeed {
  /** Prepares the sale; what it is to be done with. */
  readonly prepare?: (event: string) => Promise<Body>;
  /** Asks for it on the page. */
  readonly ask: (page: Page, body: Body) => Promise<void>;
  /** What it changes, as the page says. */
  readonly shows: RegExp;
  /** What the log names. */
  readonly target?: (body: Body) => string;
  /** Whether it was done, as the server says. */
  readonly isSo: (event: string, body: Body) => Promise<boolean>;
  /** What the page offers to take it back with, and what the log names then. */
  readonly undo?: { readonly action: Action; readonly target?: (body: Body) => string };
}

const button = (name: string) => (page: Page) =>
  page.getByRole('button', { name, exact: true }).click();

const onRow = (action: Action) => (page: Page, { target }: Body) =>
  page.getByRole('button', { name: `${nameOf(action)}: ${target}` }).click();

/** Fills in one of the forms of the page. */
const fill = (label: string, what: (body: Body) => unknown, yes: string) =>
  async (page: Page, body: Body) => {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(String(what(body)));
    await page.locator('form', { has: field }).getByRole('button', { name: yes, exact: true }).click();
  };

const status = (wanted: string) => async (event: string) => (await look(event)).status === wanted;

/** Whether places can be put back on sale: they were taken off. */
async function offSale(event: string, { places }: Body): Promise<boolean> {
  const { places: fit } = await look(event, 'free_places', { places: places ?? '' });
  return fit !== 0;
}

async function orderIs(event: string, target: Body['target'], state: string): Promise<boolean> {
  const effect = await look(event, 'cancel_order', { target: target ?? '' });
  return effect.order === state;
}

const target = ({ target: id }: Body) => id ?? '';
const places = ({ places: named }: Body) => named ?? '';
const aRow = async (event: string) => ({ places: (await rowOf(set.operator, event)).name });

const SALE: Readonly<Record<Action, SaleDeed>> = {
  pause: {
    ask: button('Pause'),
    shows: /^Nobody is let in and no more seats are held\./,
    isSo: status('paused'),
    undo: { action: 'resume' },
  },
  resume: {
    prepare: async (event) => {
      await act(event, 'pause');
      return {};
    },
    ask: button('Resume'),
    shows: /^Fans are let in and can hold seats again\./,
    isSo: status('open'),
    undo: { action: 'pause' },
  },
  close: {
    ask: async (page) => {
      await page.getByRole('button', { name: 'End the sale' }).click();
      await page.getByLabel('Type END to go on').fill('END');
    },
    shows: /^The sale is over for good and cannot be opened again\./,
    isSo: status('closed'),
  },
  hand_over: {
    ask: button('Hand the actor over'),
    shows: /^The actor of this event ends\. .* Nothing is lost\.$/,
    isSo: async (event) => {
      const asked = set.operator.ask<Schemas['OverviewView']>('GET', `/api/v1/operator/events/${event}`);
      // Nobody may answer for it until it is taken over.
      return (await asked.catch(() => ({ fence: 0 }))).fence > 1;
    },
  },
  release_hold: {
    prepare: async (event) => ({ target: (await holdOf(await newFan(set.server), event)).id }),
    ask: onRow('release_hold'),
    shows: /^2 held seats go back on sale\./,
    target,
    isSo: async (event) => (await look(event)).held === 0,
  },
  cancel_order: {
    prepare: async (event) => {
      const fan = await newFan(set.server);
      const { id } = await holdOf(fan, event);
      return { target: (await orderOf(fan, id)).id };
    },
    ask: onRow('cancel_order'),
    shows: /^The unpaid order of .+ ends, and its 2 seats go back on sale\.$/,
    target,
    isSo: (event, body) => orderIs(event, body.target, 'cancelled'),
  },
  return_order: {
    prepare: async (event) => {
      const fan = await newFan(set.server);
      const { id } = await holdOf(fan, event);
      return { target: await pay(fan, id) };
    },
    ask: fill('Id of an order or a hold', target, 'Return an order'),
    shows: /go back to the payer\. The 2 tickets become void/,
    target,
    isSo: (event, body) => orderIs(event, body.target, 'returned'),
  },
  set_admitted_max: {
    prepare: () => Promise.resolve({ admitted_max: 7 }),
    ask: fill('Fans inside at most', (body) => body.admitted_max, 'Set'),
    shows: /^Up to 7 fans are inside at a time instead of 100\./,
    target: () => '100 -> 7',
    isSo: async (event) => (await look(event)).admitted_max === 7,
    undo: { action: 'set_admitted_max', target: () => '7 -> 100' },
  },
  set_admission_rate: {
    prepare: () => Promise.resolve({ admission_rate: 30 }),
    ask: fill('Let in per minute at most', (body) => body.admission_rate, 'Set'),
    shows: /^Fans are let in at this rate: 30 a minute\. It was: Any number\./,
    target: () => 'any -> 30',
    isSo: async (event) => (await look(event)).admission_rate === 30,
    undo: { action: 'set_admission_rate', target: () => '30 -> any' },
  },
  set_notice: {
    prepare: () => Promise.resolve({ notice: 'Doors open at seven.' }),
    ask: fill('What those in line read', (body) => body.notice, 'Tell those in line'),
    shows: /will read: “Doors open at seven\.” Until now they read: None\.$/,
    target: () => 'nothing -> Doors open at seven.',
    isSo: async (event) => (await look(event)).notice === 'Doors open at seven.',
    undo: { action: 'set_notice', target: () => 'Doors open at seven. -> nothing' },
  },
  block_places: {
    prepare: aRow,
    ask: fill('Places', places, 'Take places off sale'),
    shows: /^\d+ places go off sale, all or none\./,
    target: places,
    isSo: offSale,
    undo: { action: 'free_places', target: places },
  },
  free_places: {
    prepare: async (event) => {
      const body = await aRow(event);
      await act(event, 'block_places', body);
      return body;
    },
    ask: fill('Places', places, 'Put places back on sale'),
    shows: /^\d+ places are on sale again, all or none\.$/,
    target: places,
    isSo: async (event, body) => !(await offSale(event, body)),
    undo: { action: 'block_places', target: places },
  },
};

const ACTIONS = Object.keys(SALE) as Action[];

test('there is no other action', () => {
  expect([...ACTIONS].sort()).toEqual([...openapi.components.schemas.ActionName.enum].sort());
});

test('a viewer sees all of a sale and is offered nothing to do', async () => {
  const event = await newEvent(set.operator, { title: 'A busy night' });
  const [first, second] = [await newFan(set.server), await newFan(set.server)];
  await holdOf(first, event);
  await orderOf(second, (await holdOf(second, event)).id);
  const here = async (account: Account) => {
    const visitor = await set.visitor({ account, locale: 'en' });
    await visitor.open(`/ops/sales/${event}`);
    const main = visitor.page.locator('main');
    for (const section of ['holds', 'unpaid']) {
      await main.locator(`section[aria-labelledby="${section}"] tbody tr`).first().waitFor();
    }
    return main;
  };
  const offered = await (await here(operator)).getByRole('button').allInnerTexts();
  const elsewhere = ['resume', 'set_admitted_max', 'set_admission_rate'];
  for (const action of ACTIONS.filter((one) => !elsewhere.includes(one))) {
    expect(offered).toContain(nameOf(action));
  }
  const main = await here(viewer);
  expect(await main.getByRole('button').allInnerTexts()).toEqual(['Freeze']);
  expect(await main.locator('form, input, select, textarea').count()).toBe(0);
  expect(await main.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
});

describe('to a sale', () => {
  test.each(ACTIONS)('%s', async (action) => {
    const { prepare, ask, shows, target: named, isSo, undo } = SALE[action];
    const event = await newEvent(set.operator, { title: `A night to ${action}` });
    const body = (await prepare?.(event)) ?? {};
    const path = `/api/v1/ops/events/${event}/actions`;
    for (const preview of [true, false]) {
      const sent = { ...body, action, reason: 'because I can', preview };
      await expect(viewer.ask('POST', path, sent)).rejects.toThrow('403');
    }
    expect(await isSo(event, body)).toBe(false);

    const visitor = await set.visitor({ account: operator, locale: 'en' });
    const { page } = visitor;
    await visitor.open(`/ops/sales/${event}`);
    await ask(page, body);
    await page.locator('.reason-effect').getByText(shows).waitFor();
    expect(await isSo(event, body), 'only asked').toBe(false);
    const name = nameOf(action);
    await agree(page, name, `why to ${action}`);
    await page.getByText(`${name}: done.`).first().waitFor();
    await until('it is done', () => isSo(event, body));
    const done: Deed[] = [{ action, reason: `why to ${action}`, ...about(named?.(body)) }];

    const back = page.getByRole('button', { name: 'Undo' });
    if (undo === undefined) {
      expect(await back.count()).toBe(0);
    } else {
      await back.click();
      await agree(page, nameOf(undo.action), 'taken back');
      await until('it is taken back', async () => !(await isSo(event, body)));
      const of = about(undo.target?.(body));
      done.push({ action: undo.action, reason: 'taken back', ...of });
    }
    await logShows(visitor, operator, done, event);
  });
});

function about(text: string | undefined): { target?: string } {
  return text === undefined ? {} : { target: text };
}
