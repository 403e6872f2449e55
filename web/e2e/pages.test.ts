import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Visitor } from './browser';
import { buy, enter, openRow, takeAny } from './seats';
import { newEvent, newFan, newStaff, type Account, type Schemas } from './server';
import { stage } from './stage';

const set = stage();

const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** Every fault that the rules find on a page, in words. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: { type: 'tag', values: rules },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    );
  }, RULES);
}

/** A page that the server's words or a catalogue's keys show through is not translated. */
async function rawKeysOf(page: Page): Promise<string[]> {
  const text = await page.locator('body').innerText();
  return (
    text.match(
      /\b(app|wait|live|events?|queue|error|sale|seats(?!\.io\b)|cart|map|best|area|checkout|return|orders?|ticket|operator|gate|ops|column|role|trouble|organise|rehearse|fault|plan_fault|people|person|kind|shade|action|audit|control|effect|setting|origin|order_state|payment_state|sign_in|register|setup|field|hold(?!\.toml\b)|items?|state|payment|status)\.[a-z_]+\b/g,
    ) ?? []
  );
}

/** How much of what was there jumped since the page began, as browsers score it: 0.1 is noticed. */
function jumpsOf(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const { value, hadRecentInput } = entry as PerformanceEntry & {
              value: number;
              hadRecentInput: boolean;
            };
            if (!hadRecentInput) sum += value;
          }
        }).observe({ type: 'layout-shift', buffered: true });
        // What is buffered has been told by the frame after the next.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );
}

let event: string;
let full: string;
let scheduled: string;
let buyer: Account;
let viewer: Account;
let draft: string;
let order: string;
let ticket: string;

beforeAll(async () => {
  const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  event = await newEvent(set.operator);
  full = await newEvent(set.operator, { admitted_max: 1 });
  scheduled = await newEvent(set.operator, {
    lobby_opens_at: soon(2),
    opens_at: soon(3),
    closes_at: soon(9),
  });
  const inside = await newFan(set.server);
  await inside.ask('POST', `/api/v1/events/${full}/queue`);
  await inside.ask('POST', `/api/v1/events/${full}/queue/claim`);
  buyer = await newFan(set.server);
  viewer = await newStaff(set.operator, 'viewer');
  const rehearse = { of: event, reason: 'for the test' };
  await set.operator.ask('POST', '/api/v1/operator/rehearsals', rehearse);
  const terms = await set.operator.ask<Schemas['DraftBody']>(
    'GET',
    `/api/v1/operator/events/${event}/terms`,
  );
  const begun = { ...terms, title: '미완성', starts_at: '' };
  ({ id: draft } = await set.operator.ask<Schemas['DraftView']>(
    'POST',
    '/api/v1/operator/drafts',
    begun,
  ));
  const visitor = await set.visitor({ account: buyer });
  order = await buy(visitor, event, '2');
  await visitor.open(`/orders/${order}`);
  ticket = (await visitor.page.locator('.ticket-link').getAttribute('href')) ?? '';
  await visitor.leave();
});

interface Stop {
  readonly name: string;
  readonly who: 'stranger' | 'buyer' | 'fan' | 'viewer' | 'operator';
  readonly path?: () => string;
  /** What is done there, or on the way to it. */
  readonly go?: (visitor: Visitor) => Promise<void>;
  /** What is there once the page is. */
  readonly shows: string;
  /** Whether nothing should have moved: not after things were done that move others. */
  readonly still?: boolean;
}

const STOPS: readonly Stop[] = [
  { name: 'list of events', who: 'stranger', path: () => '/', shows: '.card-body' },
  { name: 'event on sale', who: 'stranger', path: () => `/events/${event}`, shows: '.enter' },
  {
    name: 'event to come',
    who: 'stranger',
    path: () => `/events/${scheduled}`,
    shows: '.countdown-big',
  },
  { name: 'no such page', who: 'stranger', path: () => '/nothing', shows: '.failed' },
  { name: 'sign-in', who: 'stranger', path: () => '/sign-in', shows: 'form' },
  { name: 'registration', who: 'stranger', path: () => '/register', shows: 'form' },
  { name: 'first operator', who: 'stranger', path: () => '/setup#token', shows: 'form' },
  {
    name: 'seats, to look at',
    who: 'stranger',
    path: () => `/events/${event}/seats`,
    shows: '.seatmap-pane',
  },
  {
    name: 'waiting room',
    who: 'fan',
    path: () => `/events/${full}/queue?join=1`,
    shows: '.queue-next, .queue-number',
  },
  {
    name: 'leaving the waiting room',
    who: 'fan',
    go: async (visitor) => {
      await visitor.open(`/events/${full}/queue?join=1`);
      await visitor.page.locator('.queue-leave button:enabled').click();
    },
    shows: 'dialog[open]',
  },
  {
    name: 'seats with a list and a cart',
    who: 'fan',
    go: async (visitor) => {
      await enter(visitor, event);
      await takeAny(visitor, 'Stalls Left', 'A');
      await openRow(visitor.page, 'Stalls Centre', 'A');
    },
    shows: '.cart-items li',
    still: false,
  },
  {
    name: 'checkout',
    who: 'fan',
    go: async (visitor) => {
      await enter(visitor, event);
      await takeAny(visitor, 'Stalls Right', 'A');
      await visitor.page
        .getByRole('button', { name: /결제하러 가기|Go to payment/ })
        .first()
        .click();
    },
    shows: '.summary-items',
    still: false,
  },
  {
    name: 'result of a payment',
    who: 'buyer',
    path: () => `/checkout/return?order=${order}&payment=pay_none`,
    shows: '.verdict[data-tone=good]',
  },
  { name: 'orders', who: 'buyer', path: () => '/orders', shows: '.order-card' },
  { name: 'no orders', who: 'fan', path: () => '/orders', shows: '.empty' },
  { name: 'order', who: 'buyer', path: () => `/orders/${order}`, shows: '.ticket-link' },
  { name: 'ticket', who: 'buyer', path: () => ticket, shows: '.qr' },
  { name: 'operator', who: 'operator', path: () => '/operator', shows: '.sale-numbers' },
  { name: 'dashboard', who: 'viewer', path: () => '/ops', shows: '.ops-figures' },
  { name: 'nodes', who: 'viewer', path: () => '/ops/nodes', shows: '.ops-table' },
  { name: 'actors', who: 'viewer', path: () => '/ops/actors', shows: '.ops-table tbody tr' },
  {
    name: 'controls of a sale',
    who: 'operator',
    path: () => `/ops/sales/${event}`,
    shows: '.acts-tables tbody tr',
  },
  {
    name: 'asking for a reason',
    who: 'operator',
    path: () => `/ops/sales/${full}`,
    go: ({ page }) => page.getByRole('button', { name: /판매 종료|End the sale/ }).click(),
    shows: '.reason-effect p',
    still: false,
  },
  { name: 'audit log', who: 'operator', path: () => '/ops/audit', shows: '.audit-table tbody tr' },
  { name: 'settings', who: 'operator', path: () => '/ops/settings', shows: '.setting-table tr' },
  {
    name: 'one actor',
    who: 'viewer',
    path: () => `/ops/actors/${event}`,
    shows: '.ops-journal tbody tr',
    still: false,
  },
  {
    name: 'one actor as it was',
    who: 'viewer',
    path: () => `/ops/actors/${event}?seq=1`,
    shows: '.ops-journal tr[aria-current]',
    still: false,
  },
  { name: 'streams', who: 'viewer', path: () => '/ops/streams', shows: '.ops-table tbody tr' },
  { name: 'events to prepare', who: 'operator', path: () => '/ops/organise', shows: '.organise-table' },
  { name: 'event to fill in', who: 'operator', path: () => '/ops/organise/new', shows: '.organise-form' },
  {
    name: 'published event',
    who: 'operator',
    path: () => `/ops/organise/events/${event}`,
    shows: '.seatmap-pane',
  },
  { name: 'plans', who: 'operator', path: () => '/ops/organise/plans', shows: '.organise-table' },
  {
    name: 'venues',
    who: 'operator',
    path: () => '/ops/organise/venues',
    shows: '.organise-table',
  },
  {
    name: 'artists',
    who: 'operator',
    path: () => '/ops/organise/artists',
    shows: '.organise-table',
  },
  {
    name: 'draft that lacks something',
    who: 'operator',
    path: () => `/ops/organise/drafts/${draft}`,
    shows: '.organise-open li',
  },
  {
    name: 'whose a plan is',
    who: 'operator',
    path: () => '/ops/organise/plans',
    go: ({ page }) => page.locator('.organise-table tbody button').first().click(),
    shows: 'dialog[open] select',
    still: false,
  },
  {
    name: 'plan with faults',
    who: 'operator',
    path: () => '/ops/organise/plans',
    go: (visitor) => {
      visitor.expectRefusals(422);
      const file = { name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{}') };
      return visitor.page.locator('input[type="file"]').setInputFiles(file);
    },
    shows: '.organise-plan-faults tbody tr',
    still: false,
  },
  {
    name: 'venue to change',
    who: 'operator',
    path: () => '/ops/organise/venues',
    go: ({ page }) => page.locator('.organise-table tbody button').first().click(),
    shows: 'dialog[open] form',
    still: false,
  },
  { name: 'people', who: 'operator', path: () => '/ops/organise/people', shows: '.organise-table' },
  {
    name: 'role to change',
    who: 'operator',
    path: () => '/ops/organise/people',
    go: ({ page }) => page.locator('.organise-table tbody button').first().click(),
    shows: 'dialog[open] select',
    still: false,
  },
  {
    name: 'rehearsals',
    who: 'operator',
    path: () => '/ops/organise/rehearsals',
    shows: '.organise-table tbody tr',
  },
  {
    name: 'what a rehearsal would be',
    who: 'operator',
    path: () => `/ops/organise/rehearsals?of=${event}`,
    shows: 'dialog[open] p',
    still: false,
  },
  {
    name: 'how bots are let in',
    who: 'operator',
    path: () => '/ops/organise/rehearsals',
    go: ({ page }) => page.locator('.organise-acts button').first().click(),
    shows: 'dialog[open] code',
    still: false,
  },
  {
    name: 'page that is not for viewers',
    who: 'viewer',
    path: () => '/ops/audit',
    shows: 'main [role=alert]',
  },
  { name: 'gate', who: 'operator', path: () => '/operator/gate', shows: '.gate-form' },
];

/** Between them: both languages, both themes, both ends of the sizes; English is the longer one. */
const VIEWS = [
  { view: 'in Korean on a light desktop', locale: 'ko', width: 1280, height: 800, dark: false },
  { view: 'in English on a small dark phone', locale: 'en', width: 320, height: 640, dark: true },
] as const;

for (const { view, ...look } of VIEWS) {
  describe(view, () => {
    test.each(STOPS)('$name is for everybody', async ({ who, path, go, shows, still = true }) => {
      const account = { stranger: undefined, fan: undefined, buyer, viewer, operator: set.operator }[who];
      const visitor = await set.visitor({
        ...look,
        stranger: who === 'stranger',
        ...(account === undefined ? {} : { account }),
      });
      // Nobody’s orders are looked up with a payment that is none.
      visitor.expectRefusals(404);
      if (path !== undefined) await visitor.open(path());
      await go?.(visitor);
      const { page } = visitor;
      await page.locator(shows).first().waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(look.locale);
      expect(await faultsOf(page)).toEqual([]);
      expect(await rawKeysOf(page)).toEqual([]);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, 'wider than the screen').toBeLessThanOrEqual(0);
      if (still) expect(await jumpsOf(page), 'jumps').toBeLessThan(0.1);
    });
  });
}

test('every page that staff find their way to is one of these', async () => {
  const visitor = await set.visitor({ account: set.operator });
  const named = (path: string) => path.replace(/\?.*/, '').replace(/evt_\w+/, '…');
  const found = new Set<string>();
  for (const [path, shows] of [
    ['/operator', '.sale-numbers'],
    ['/ops', '.ops-figures'],
    [`/ops/sales/${event}`, '.acts-tables'],
    ['/ops/actors', '.ops-table tbody tr'],
    ['/ops/organise', '.organise-table'],
    [`/ops/organise/events/${event}`, '.seatmap-pane'],
  ] as const) {
    await visitor.open(path);
    await visitor.page.locator(shows).first().waitFor();
    const links = visitor.page.locator('a[href^="/op"]');
    for (const href of await links.evaluateAll((all) => all.map((one) => one.getAttribute('href')))) {
      found.add(named(href ?? ''));
    }
  }
  const looked = STOPS.flatMap(({ path }) => (path === undefined ? [] : [named(path())]));
  expect([...found].filter((path) => !looked.includes(path))).toEqual([]);
  expect(found.size).toBeGreaterThan(15);
});
