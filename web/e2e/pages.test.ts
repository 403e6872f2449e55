import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Visitor } from './browser';
import { buy, enter, openRow, takeAny } from './seats';
import { newEvent, newFan, newStaff, type Account } from './server';
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
      /\b(app|wait|live|events?|queue|error|sale|seats(?!\.io\b)|cart|map|best|area|checkout|return|orders?|ticket|operator|gate|ops|column|role|trouble|organise|fault|plan_fault|people|person|kind|shade|action|audit|control|effect|setting|origin|order_state|payment_state|sign_in|register|setup|field|hold|items?|state|payment|status)\.[a-z_]+\b/g,
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
  const visitor = await set.visitor({ account: buyer });
  order = await buy(visitor, event, '2');
  await visitor.open(`/orders/${order}`);
  ticket = (await visitor.page.locator('.ticket-link').getAttribute('href')) ?? '';
  await visitor.leave();
});

interface Stop {
  readonly name: string;
  readonly who: 'stranger' | 'buyer' | 'fan' | 'viewer' | 'operator';
  readonly go: (visitor: Visitor) => Promise<void>;
  /** What is there once the page is. */
  readonly shows: string;
  /** Whether nothing should have moved: not after things were done that move others. */
  readonly still?: boolean;
}

const at = (path: () => string) => (visitor: Visitor) => visitor.open(path());

const STOPS: readonly Stop[] = [
  { name: 'list of events', who: 'stranger', go: at(() => '/'), shows: '.card-body' },
  { name: 'event on sale', who: 'stranger', go: at(() => `/events/${event}`), shows: '.enter' },
  {
    name: 'event to come',
    who: 'stranger',
    go: at(() => `/events/${scheduled}`),
    shows: '.countdown-big',
  },
  { name: 'no such page', who: 'stranger', go: at(() => '/nothing'), shows: '.failed' },
  { name: 'sign-in', who: 'stranger', go: at(() => '/sign-in'), shows: 'form' },
  { name: 'registration', who: 'stranger', go: at(() => '/register'), shows: 'form' },
  { name: 'first operator', who: 'stranger', go: at(() => '/setup#token'), shows: 'form' },
  {
    name: 'seats, to look at',
    who: 'stranger',
    go: at(() => `/events/${event}/seats`),
    shows: '.seatmap-pane',
  },
  {
    name: 'waiting room',
    who: 'fan',
    go: at(() => `/events/${full}/queue?join=1`),
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
    go: at(() => `/checkout/return?order=${order}&payment=pay_none`),
    shows: '.verdict[data-tone=good]',
  },
  { name: 'orders', who: 'buyer', go: at(() => '/orders'), shows: '.order-card' },
  { name: 'no orders', who: 'fan', go: at(() => '/orders'), shows: '.empty' },
  { name: 'order', who: 'buyer', go: at(() => `/orders/${order}`), shows: '.ticket-link' },
  { name: 'ticket', who: 'buyer', go: at(() => ticket), shows: '.qr' },
  { name: 'operator', who: 'operator', go: at(() => '/operator'), shows: '.sale-numbers' },
  { name: 'dashboard', who: 'viewer', go: at(() => '/ops'), shows: '.ops-figures' },
  { name: 'nodes', who: 'viewer', go: at(() => '/ops/nodes'), shows: '.ops-table' },
  { name: 'actors', who: 'viewer', go: at(() => '/ops/actors'), shows: '.ops-table tbody tr' },
  {
    name: 'controls of a sale',
    who: 'operator',
    go: at(() => `/ops/sales/${event}`),
    shows: '.acts-tables tbody tr',
  },
  {
    name: 'asking for a reason',
    who: 'operator',
    go: async (visitor) => {
      await visitor.open(`/ops/sales/${full}`);
      await visitor.page.getByRole('button', { name: /판매 종료|End the sale/ }).click();
    },
    shows: '.reason-effect p',
    still: false,
  },
  {
    name: 'audit log',
    who: 'operator',
    go: async (visitor) => {
      const body = { action: 'set_admitted_max', admitted_max: 1, reason: 'for the test' };
      await set.operator.ask('POST', `/api/v1/ops/events/${full}/actions`, body);
      await visitor.open('/ops/audit');
    },
    shows: '.audit-table tbody tr',
  },
  { name: 'settings', who: 'operator', go: at(() => '/ops/settings'), shows: '.setting-table tr' },
  {
    name: 'one actor',
    who: 'viewer',
    go: at(() => `/ops/actors/${event}`),
    shows: '.ops-journal tbody tr',
    still: false,
  },
  { name: 'streams', who: 'viewer', go: at(() => '/ops/streams'), shows: '.ops-table tbody tr' },
  { name: 'events to prepare', who: 'operator', go: at(() => '/ops/organise'), shows: '.organise-table' },
  { name: 'event to fill in', who: 'operator', go: at(() => '/ops/organise/new'), shows: '.organise-form' },
  {
    name: 'published event',
    who: 'operator',
    go: at(() => `/ops/organise/events/${event}`),
    shows: '.seatmap-pane',
  },
  { name: 'plans', who: 'operator', go: at(() => '/ops/organise/plans'), shows: '.organise-table' },
  {
    name: 'venues',
    who: 'operator',
    go: at(() => '/ops/organise/venues'),
    shows: '.organise-table',
  },
  {
    name: 'artists',
    who: 'operator',
    go: at(() => '/ops/organise/artists'),
    shows: '.organise-table',
  },
  { name: 'people', who: 'operator', go: at(() => '/ops/organise/people'), shows: '.organise-table' },
  { name: 'gate', who: 'operator', go: at(() => '/operator/gate'), shows: '.gate-form' },
];

/** Between them: both languages, both themes, both ends of the sizes; English is the longer one. */
const VIEWS = [
  { view: 'in Korean on a light desktop', locale: 'ko', width: 1280, height: 800, dark: false },
  { view: 'in English on a small dark phone', locale: 'en', width: 320, height: 640, dark: true },
] as const;

for (const { view, ...look } of VIEWS) {
  describe(view, () => {
    test.each(STOPS)('$name is for everybody', async ({ who, go, shows, still = true }) => {
      const account = { stranger: undefined, fan: undefined, buyer, viewer, operator: set.operator }[who];
      const visitor = await set.visitor({
        ...look,
        stranger: who === 'stranger',
        ...(account === undefined ? {} : { account }),
      });
      // Nobody’s orders are looked up with a payment that is none.
      visitor.expectRefusals(404);
      await go(visitor);
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
