/**
 * Everything that can be done before a sale: refused to whoever may not, who finds no page for it
 * either; done by the page by those who may; found in the log. And who may ask the server for what.
 */
import { describe, expect, test } from 'vitest';
import openapi from '../openapi.json';
import type { Visitor } from './browser';
import { NODE_DEEDS, logShows, nameOf, type Deed } from './deeds';
import { room, upload } from './plans';
import { png } from './png';
import { newEvent, newFan, newStaff, type Account } from './server';
import { stage } from './stage';

const set = stage();

interface Flow {
  readonly role: 'operator' | 'administrator';
  /** What is done in it, in any order. */
  readonly actions: readonly string[];
  /** Does it; what the log is to have. */
  readonly run: (visitor: Visitor, account: Account) => Promise<readonly Deed[]>;
}

/** Gives the reason that a dialog asks for, without which it does nothing. */
async function settle({ page }: Visitor, yes: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: yes, exact: true });
  expect(await button.isDisabled(), 'without a reason').toBe(true);
  await dialog.getByLabel('Reason').fill(reason);
  await button.click();
  await dialog.waitFor({ state: 'detached' });
}

/** Somebody or something with a name in both languages: added, changed, removed. */
async function entries(
  visitor: Visitor,
  what: 'venue' | 'artist',
  [field, path]: readonly [string, string],
): Promise<readonly Deed[]> {
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  const change = () => page.getByRole('button', { name: 'Change Starlight' }).click();
  await visitor.open(`/ops/organise/${what}s`);
  await page.getByRole('button', { name: new RegExp(`^Add an? ${what}$`) }).click();
  await dialog.getByLabel('Name (Korean)').fill('별빛');
  await dialog.getByLabel('Name (English)').fill('Starlight');
  const file = { name: 'photo.png', mimeType: 'image/png', buffer: png(320, 200, [30, 60, 120]) };
  await dialog.getByLabel('Choose an image').setInputFiles(file);
  await dialog.getByLabel('What it shows (Korean)').fill('별');
  await dialog.getByLabel('What it shows (English)').fill('A star');
  await settle(visitor, 'Save', 'for the season');
  await change();
  await dialog.getByLabel(field).fill('Busan');
  await settle(visitor, 'Save', 'it moved');
  await page.getByRole('row', { name: 'Starlight' }).getByText('Busan').waitFor();
  await change();
  await settle(visitor, 'Remove', 'the season is over');
  await page.getByRole('button', { name: 'Change Starlight' }).waitFor({ state: 'detached' });
  const changed = new RegExp(`^\\w+\\n${path.replace('.', '\\.')}: "" → "Busan"$`);
  return [
    { action: 'keep_image', reason: '', target: /^image\/png, 320 × 200, \d+ bytes: / },
    { action: `add_${what}`, reason: 'for the season', target: /: 별빛$/ },
    { action: `change_${what}`, reason: 'it moved', target: changed },
    { action: `remove_${what}`, reason: 'the season is over', target: /: 별빛 → removed$/ },
  ];
}

/** A draft that is a copy, published and changed; and one that is thrown away. */
async function drafts(visitor: Visitor): Promise<readonly Deed[]> {
  const from = await newEvent(set.operator, { title: 'A night to copy' });
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  const save = () => page.getByRole('button', { name: 'Save' }).click();
  const saved = () => page.getByText('Saved.').waitFor();
  await visitor.open(`/ops/organise/new?from=${from}`);
  await page.getByLabel('Title').fill('A night that is copied');
  await save();
  await page.waitForURL('**/ops/organise/drafts/evt_*');
  await page.getByText(/things keep it from being published/).waitFor();
  for (const [label, at] of [
    ['Event starts', '2031-05-01T20:00'],
    ['Sale opens', '2031-01-01T10:00'],
    ['Sale ends', '2031-05-01T19:00'],
  ] as const) {
    await page.getByLabel(label).fill(at);
  }
  await save();
  await page.getByText(/keep it from being published/).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Publish' }).click();
  await dialog.getByText(/^Fans see it, and its sale opens/).waitFor();
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await page.waitForURL('**/ops/organise/events/evt_*');
  await page.getByText('Published', { exact: true }).waitFor();
  await page.getByLabel('Seats for one fan').fill('7');
  await save();
  await saved();

  await visitor.open('/ops/organise/new');
  await page.getByLabel('Title').fill('A night that is not');
  await save();
  await page.waitForURL('**/ops/organise/drafts/evt_*');
  await page.getByRole('button', { name: 'Throw the draft away' }).click();
  await dialog.getByText('What is filled in is lost for good.').waitFor();
  await dialog.getByRole('button', { name: 'Throw the draft away' }).click();
  await page.waitForURL('**/ops/organise');
  const deed = (action: string, target: string | RegExp): Deed => ({
    action,
    reason: '',
    target,
    event: /^evt_/,
  });
  return [
    deed('begin_draft', 'A night that is copied'),
    deed('change_draft', /\nstarts_at: "" → "2031-/),
    deed('publish_draft', 'A night that is copied: draft → published'),
    deed('set_terms', 'places_per_fan_max: 8 → 7'),
    deed('begin_draft', 'A night that is not'),
    deed('remove_draft', 'A night that is not'),
  ];
}

/** A plan is kept, and somebody says whose it is. */
async function plans(visitor: Visitor): Promise<readonly Deed[]> {
  const { page } = visitor;
  await visitor.open('/ops/organise/plans');
  await upload(page, 'room.json', JSON.stringify(room('A cellar')));
  await page.getByText('12 places · 1 sections · 2 rows').waitFor();
  await page.getByRole('button', { name: 'Keep this plan' }).click();
  await page.getByRole('button', { name: 'Change the venue of A cellar' }).click();
  await page.getByRole('dialog').getByLabel('Venue').selectOption({ label: 'Namsan Arena' });
  await settle(visitor, 'Change', 'it is below it');
  await page.getByRole('row', { name: 'A cellar' }).getByText('Namsan Arena').waitFor();
  return [
    { action: 'keep_plan', reason: '', target: /^A cellar, 12 places: / },
    { action: 'set_chart_venue', reason: 'it is below it', target: /^A cellar \w+: \S+ → \S+$/ },
  ];
}

/** Somebody is given a role, and somebody else is invited. */
async function people(visitor: Visitor): Promise<readonly Deed[]> {
  const somebody = await newStaff(set.operator, 'viewer');
  const { page } = visitor;
  await visitor.open('/ops/organise/people');
  const row = page.getByRole('row', { name: somebody.email });
  await row.getByRole('button').click();
  await page.getByRole('dialog').getByLabel('Role').selectOption('operator');
  await settle(visitor, 'Change', 'as agreed on Monday');
  await row.getByText('Operator', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByText('/setup#').waitFor();
  return [
    { action: 'set_role', reason: 'as agreed on Monday', target: /^acc_\w+: viewer → operator$/ },
    { action: 'make_setup_link', reason: '', target: 'viewer' },
  ];
}

async function rehearsal(visitor: Visitor): Promise<readonly Deed[]> {
  const of = await newEvent(set.operator, { title: 'A night to try' });
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  await visitor.open(`/ops/organise/rehearsals?of=${of}`);
  await dialog.getByText('480 places, 100 inside at most').waitFor();
  await settle(visitor, 'Rehearse', 'before Friday');
  const row = page.getByRole('row', { name: 'Rehearsal: A night to try' });
  await row.getByRole('button', { name: 'Let bots into' }).click();
  await dialog.getByText('BENCH_BOTS=').waitFor();
  await page.keyboard.press('Escape');
  await row.getByRole('button', { name: 'Wipe' }).click();
  await dialog.getByText(/\d+ records, 0 orders, 0 payments and 0 tickets/).waitFor();
  await settle(visitor, 'Wipe', 'it went well');
  await row.getByText('Wiped').waitFor();
  const deed = (action: string, reason: string, target: RegExp): Deed => ({
    action,
    reason,
    target,
    event: /^evt_/,
  });
  return [
    deed('rehearse', 'before Friday', new RegExp(`A night to try: a copy of ${of}$`)),
    deed('let_bots_in', '', /A night to try: until 20/),
    deed('wipe_rehearsal', 'it went well', /A night to try: \d+ records, 0 tickets$/),
  ];
}

const FLOWS: Readonly<Record<string, Flow>> = {
  venues: {
    role: 'operator',
    actions: ['keep_image', 'add_venue', 'change_venue', 'remove_venue'],
    run: (visitor) => entries(visitor, 'venue', ['City', 'city']),
  },
  artists: {
    role: 'operator',
    actions: ['keep_image', 'add_artist', 'change_artist', 'remove_artist'],
    run: (visitor) => entries(visitor, 'artist', ['About (English)', 'about.en']),
  },
  plans: { role: 'operator', actions: ['keep_plan', 'set_chart_venue'], run: plans },
  events: {
    role: 'operator',
    actions: ['begin_draft', 'change_draft', 'remove_draft', 'publish_draft', 'set_terms'],
    run: drafts,
  },
  rehearsals: {
    role: 'operator',
    actions: ['rehearse', 'let_bots_in', 'wipe_rehearsal'],
    run: rehearsal,
  },
  people: { role: 'administrator', actions: ['set_role', 'make_setup_link'], run: people },
  'an event by the interface alone': {
    role: 'operator',
    actions: ['create_event'],
    run: async (_, account) => {
      const event = await newEvent(account, { title: 'A night of a program' });
      return [{ action: 'create_event', reason: '', target: 'A night of a program', event }];
    },
  },
};

describe('before a sale', () => {
  test.each(Object.keys(FLOWS))('%s', async (name) => {
    const flow = FLOWS[name];
    if (flow === undefined) throw new Error(name);
    const account = await newStaff(set.operator, flow.role);
    const visitor = await set.visitor({ account, locale: 'en' });
    const done = await flow.run(visitor, account);
    expect([...new Set(done.map((deed) => deed.action))].sort()).toEqual([...flow.actions].sort());
    await logShows(visitor, account, done);
  });
});

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

/** Everything that the server does for staff. */
const OPERATIONS = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, { operationId: string; tags: string[] }>)
    .filter(([, { tags }]) => tags.includes('operators') || path.startsWith('/api/v1/gate/'))
    .map(([method, { operationId: id }]): Operation => ({ id, method: method.toUpperCase(), path })),
);

/** What each may ask for that those before may not; all else is for operators. */
const VIEWERS = [
  ...['charts', 'overview', 'sales', 'dead_letters', 'watch_ops'],
  ...['past_state', 'contention', 'journal_records'],
];
const ADMINISTRATORS = ['list_people', 'set_role', 'make_setup_link'];

const flowActions = Object.values(FLOWS).flatMap(({ actions }) => actions);

test('whatever changes something is done in one of these tests', () => {
  const changing = OPERATIONS.filter(({ method }) => method !== 'GET').map(({ id }) => id);
  // One for each sale's actions, one for each node's; two change nothing that is logged.
  const others = ['act', 'act_on_node', 'rebalance', 'replay_dead_letter', 'check_plan', 'redeem'];
  expect(changing.sort()).toEqual([...new Set([...flowActions, ...others])].sort());
  const ofNodes = [...openapi.components.schemas.NodeActionName.enum, 'rebalance', 'replay_dead_letter'];
  expect(ofNodes.sort()).toEqual([...NODE_DEEDS].sort());
});

test('the server does nothing for whoever may not ask for it', async () => {
  const { operator: administrator, server } = set;
  const fan = await newFan(server);
  const staff = [await newStaff(administrator, 'viewer'), await newStaff(administrator, 'operator')];
  const [event, hash] = [await newEvent(administrator), 'A'.repeat(43)];
  const stranger = { cookies: [] };
  // What the last of them may is tried by nobody here: it would be done.
  const least = ({ id }: Operation) => (VIEWERS.includes(id) ? 2 : ADMINISTRATORS.includes(id) ? 4 : 3);
  const wrong: string[] = [];
  for (const operation of OPERATIONS) {
    const path = operation.path
      .replace('{event}', event)
      .replace('{hash}', hash)
      .replace(/\{\w+\}/, '0');
    for (const [rank, who] of [stranger, fan, ...staff].entries()) {
      if (rank >= least(operation)) continue;
      const cookie = who.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const answered = await fetch(server.url + path, {
        method: operation.method,
        headers: { cookie, 'content-type': 'application/json' },
        ...(operation.method === 'GET' ? {} : { body: '{}' }),
      });
      const expected = rank === 0 ? 401 : 403;
      if (answered.status !== expected) {
        wrong.push(`${operation.id} to ${rank}: ${answered.status}, not ${expected}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  const known = OPERATIONS.map(({ id }) => id);
  expect(known).toEqual(expect.arrayContaining([...VIEWERS, ...ADMINISTRATORS]));
});

describe('pages', () => {
  /** Opens pages that whoever it is may not see: nothing private is asked for, nothing offered. */
  async function closed(account: Account, paths: readonly string[]): Promise<Visitor> {
    const visitor = await set.visitor({ account, locale: 'en' });
    const asked: string[] = [];
    visitor.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    for (const path of paths) {
      await visitor.open(path);
      await visitor.page.getByRole('alert').waitFor();
      const main = visitor.page.locator('main');
      expect(await main.locator('button, form, input, a').count(), path).toBe(0);
    }
    expect(asked.filter((path) => /\/api\/v1\/(ops|operator|gate)/.test(path))).toEqual([]);
    return visitor;
  }

  test('of operators are closed to a viewer', async () => {
    const event = await newEvent(set.operator);
    const organise = ['', '/plans', '/venues', '/artists', '/rehearsals', '/people', '/new'];
    organise.push(`/drafts/${event}`, `/events/${event}`, `/rehearsals?of=${event}`);
    await closed(await newStaff(set.operator, 'viewer'), [
      ...['/operator', '/operator/gate', '/ops/audit', '/ops/settings'],
      ...organise.map((path) => `/ops/organise${path}`),
    ]);
  });

  test('of administrators are closed to an operator', async () => {
    const operator = await newStaff(set.operator, 'operator');
    const visitor = await closed(operator, ['/ops/organise/people']);
    await visitor.open('/ops/organise');
    const tabs = visitor.page.getByRole('navigation', { name: 'Pages of preparing' });
    await tabs.getByRole('link', { name: 'Rehearsals' }).waitFor();
    expect(await tabs.getByRole('link', { name: 'People and roles' }).count()).toBe(0);
  });

  test('name whatever is in the log, in both languages', async () => {
    const actions = [...openapi.components.schemas.ActionName.enum, ...NODE_DEEDS, ...flowActions];
    for (const locale of ['en', 'ko'] as const) {
      const visitor = await set.visitor({ account: set.operator, locale });
      await visitor.open('/ops/audit');
      const choice = visitor.page.locator('select[name="action"] option:not([value=""])');
      await choice.first().waitFor({ state: 'attached' });
      const offered = await choice.evaluateAll((all) =>
        all.map((one) => [(one as HTMLOptionElement).value, one.textContent]),
      );
      expect(offered.map(([action]) => action).sort()).toEqual([...new Set(actions)].sort());
      for (const [action = '', name] of offered) {
        if (locale === 'en') expect(name).toBe(nameOf(action));
        else expect(name, action).toMatch(/[가-힣]/);
      }
    }
  });
});
