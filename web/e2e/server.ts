/** The real binary on a free port with a fresh database, and a client for setting up stories. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { components } from '../src/api/schema';

export type Schemas = components['schemas'];

const BINARY =
  process.env['TIKETI_BIN'] ?? new URL('../../target/debug/tiketi', import.meta.url).pathname;
const STARTED = /^\s+(Fans|Payments|Operator)\s+(\S+)/;

export interface Server {
  /** Where browsers find it. */
  readonly url: string;
  /** Where the payment company's page is. */
  readonly paymentsUrl: string;
  /** The link that makes the first operator, once. */
  readonly setupLink: string;
  readonly stop: () => Promise<void>;
}

/** Starts the demo: its charts and its payment company are what the stories play with. */
export async function startServer(): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tiketi-e2e-'));
  const server = await serve(['--demo'], { TIKETI_DATA_DIR: dataDir });
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...server, stop };
}

/** What the binary is started with: it takes every TIKETI_… for a setting of its own. */
function environment(settings: Settings): Settings {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TIKETI_'));
  return { ...Object.fromEntries(inherited), ...settings } as Settings;
}

export type Settings = Readonly<Record<string, string>>;

/** Runs a command of the binary to its end; what it says. */
export function command(args: readonly string[], settings: Settings): string {
  return execFileSync(BINARY, args, { env: environment(settings), encoding: 'utf8' });
}

/** Starts the binary, which ends with the tests at the latest. */
export async function serve(flags: readonly string[], given: Settings): Promise<Server> {
  if (!existsSync(BINARY)) throw new Error(`no binary at ${BINARY}: build it or set TIKETI_BIN`);
  const listening = ['--listen', '127.0.0.1:0', '--metrics-listen', '127.0.0.1:0'];
  const settings = { TIKETI_PAYMENTS__TIMEOUT_MS: '1000', TIKETI_LOG__FILTER: 'warn' };
  const env = environment({ ...settings, ...given });
  const args = ['serve', ...listening, ...flags];
  const child = spawn(BINARY, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  // Whatever ends the tests ends the server too.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    await end(child);
  };
  const said = await firstLines(child, log).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const get = (name: string) => {
    const value = said.get(name);
    if (value === undefined) throw new Error(`the server did not say ${name}: ${log.join('')}`);
    return value.replace(/\/$/, '');
  };
  // What is no demo has no payment company.
  const paymentsUrl = flags.includes('--demo') ? get('Payments') : '';
  return { url: get('Fans'), paymentsUrl, setupLink: get('Operator'), stop };
}

/** Reads the addresses that the server prints once it serves. */
function firstLines(child: ChildProcess, log: string[]): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    const said = new Map<string, string>();
    const failed = () => reject(new Error(`the server ended: ${log.join('')}`));
    child.once('exit', failed);
    if (child.stdout === null) return failed();
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(`${line}\n`);
      const [, name, value] = STARTED.exec(line) ?? [];
      if (name !== undefined && value !== undefined) said.set(name, value);
      if (name === 'Operator') {
        child.off('exit', failed);
        resolve(said);
      }
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(hard);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** A connection that was kept may have been closed while this process was busy with something else. */
const ONCE = { connection: 'close' };

/** An account, and what its browser would send. */
export class Account {
  constructor(
    readonly server: Server,
    readonly email: string,
    readonly cookies: readonly Cookie[],
  ) {}

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const cookie = this.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const headers = {
      ...ONCE,
      cookie,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(this.server.url + path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

export const PASSWORD = 'a quiet horse sings';
let accounts = 0;

async function accountOf(server: Server, path: string, extra: object): Promise<Account> {
  accounts += 1;
  const email = `fan${accounts}@example.com`;
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { ...ONCE, 'content-type': 'application/json' },
    body: JSON.stringify({ email, name: `Fan ${accounts}`, password: PASSWORD, ...extra }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  const cookies = response.headers.getSetCookie().map((line): Cookie => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    return { name, value, path: /; Path=([^;]+)/.exec(line)?.[1] ?? '/' };
  });
  return new Account(server, email, cookies);
}

/** A fan who is signed in. */
export function newFan(server: Server): Promise<Account> {
  return accountOf(server, '/api/v1/accounts', {});
}

/** The first operator, with the link that the server printed. */
export function newOperator(server: Server): Promise<Account> {
  return accountOf(server, '/api/v1/setup', { token: server.setupLink.split('#')[1] });
}

/** Somebody with a role, made with a link of an administrator's. */
export async function newStaff(
  administrator: Account,
  role: Schemas['StaffRole'],
): Promise<Account> {
  const path = '/api/v1/operator/setup-links';
  const { url } = await administrator.ask<Schemas['SetupLinkView']>('POST', path, { role });
  return accountOf(administrator.server, '/api/v1/setup', { token: url.split('#')[1] });
}

/** Adds a venue of that name. */
export function newVenue(operator: Account, name: string): Promise<Schemas['VenueView']> {
  const venue = {
    name: { ko: name, en: name },
    address: '1 Street',
    city: 'Seoul',
    country: 'KR',
    time_zone: 'Asia/Seoul',
  };
  return operator.ask('POST', '/api/v1/operator/venues', { venue, reason: 'for the test' });
}

type NewEvent = Schemas['NewEventBody'];

const HOUR_MS = 3_600_000;

/** What fans may do, and for how long, where a story needs nothing else. */
export const LIMITS = {
  places_per_hold_max: 6,
  places_per_fan_max: 8,
  hold_ttl_s: 420,
  hold_extension_s: 180,
  admitted_max: 100,
  claim_ttl_s: 60,
  session_ttl_s: 900,
};

/** Puts an event on sale: the demo's theatre, with whatever the story needs to be short. */
export async function newEvent(operator: Account, change: Partial<NewEvent> = {}): Promise<string> {
  const charts = await operator.ask<Schemas['ChartEntryView'][]>('GET', '/api/v1/operator/charts');
  const theatre = charts.find((chart) => chart.places === 480) ?? charts[0];
  if (theatre === undefined) throw new Error('the demo has no chart');
  const hash = change.chart ?? theatre.hash;
  const chart = await operator.ask<Schemas['ChartView']>('GET', `/api/v1/charts/${hash}`);
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const prices = chart.categories.flatMap((category, index) => [
    {
      category: category.key,
      ticket_type: 'adult',
      amount_minor: 100_000 - index * 10_000,
      fee_minor: 1_000,
    },
    {
      category: category.key,
      ticket_type: 'child',
      amount_minor: 50_000 - index * 5_000,
      fee_minor: 1_000,
    },
  ]);
  const event: NewEvent = {
    title: '겨울 배',
    description: '두 막짜리 연극.',
    venue: '한강극장',
    starts_at: at(48 * HOUR_MS),
    chart: hash,
    currency: 'KRW',
    order_fee_minor: 0,
    ticket_types: [
      { key: 'adult', label: '성인' },
      { key: 'child', label: '어린이' },
    ],
    prices,
    opens_at: at(-1_000),
    closes_at: at(24 * HOUR_MS),
    ...LIMITS,
    ...change,
  };
  const { id } = await operator.ask<{ id: string }>('POST', '/api/v1/operator/events', event);
  return id;
}
