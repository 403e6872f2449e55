/** Browsers that take note of everything that is not as it should be. */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Account } from './server';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** How long anything may take: a slow machine is no fault of what is tested. */
const PATIENCE_MS = 60_000;

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
}

export type Locale = 'ko' | 'en';

export interface VisitorOptions {
  readonly account?: Account;
  readonly locale?: Locale;
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** Device pixels for each CSS pixel. */
  readonly scale?: number;
}

/** Somebody with a browser of their own. */
export class Visitor {
  /** What went wrong, in words. */
  readonly faults: string[] = [];
  readonly #refusals = new Set<number>();

  private constructor(
    readonly url: string,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async come(browser: Browser, url: string, options: VisitorOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      locale: options.locale === 'en' ? 'en-GB' : 'ko-KR',
      timezoneId: 'Asia/Seoul',
      colorScheme: options.dark === true ? 'dark' : 'light',
      deviceScaleFactor: options.scale ?? 1,
      reducedMotion: 'reduce',
    });
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        // eslint-disable-next-line no-console -- the way out of the page, to the listener below
        console.error(
          `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
        );
      });
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const visitor = new Visitor(url, context, page);
    context.on('page', (other) => visitor.#watch(other));
    visitor.#watch(page);
    if (options.account !== undefined) await visitor.signIn(options.account);
    return visitor;
  }

  #watch(page: Page): void {
    page.on('pageerror', (error) => this.faults.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      const text = message.text();
      // A browser reports every refusal that a page asked for; a story says which it expects.
      const status = Number(/status of (\d+)/.exec(text)?.[1] ?? 0);
      if (this.#refusals.has(status)) return;
      // Whoever leaves a page at once leaves before its socket is open.
      if (text.includes('closed before the connection is established')) return;
      this.faults.push(`${message.type()}: ${text} ${message.location().url}`);
    });
  }

  /** Says that the server will refuse something with these statuses in this story. */
  expectRefusals(...statuses: number[]): this {
    for (const status of statuses) this.#refusals.add(status);
    return this;
  }

  /** Gives the browser the cookies of an account, and lets the app know that there are some. */
  async signIn(account: Account): Promise<void> {
    const { hostname: domain } = new URL(this.url);
    const cookies = account.cookies.map((cookie) => ({
      ...cookie,
      domain,
      httpOnly: true,
      sameSite: 'Lax' as const,
    }));
    await this.context.addCookies(cookies);
    await this.context.addInitScript(() => {
      if (location.protocol === 'http:') localStorage.setItem('tiketi.signed_in', '1');
    });
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.url + path);
  }

  /** Ends the visit; whatever went wrong in it fails the story. */
  async leave(): Promise<void> {
    await this.context.close();
    expect(this.faults).toEqual([]);
  }
}

/** Whether a promise has become true: looked at again until then. */
export async function until(
  what: string,
  check: () => Promise<boolean>,
  withinMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A gate that something waits at until it is opened. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
