/** What every story begins with: a server, an operator, a browser; all gone when it ends. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Visitor, launch, type VisitorOptions } from './browser';
import { newFan, newOperator, startServer, type Account, type Server } from './server';

export interface Stage {
  readonly server: Server;
  readonly operator: Account;
  /** Somebody with a browser; a new fan unless the options say who. Leaves when the test ends. */
  readonly visitor: (
    options?: VisitorOptions & { readonly stranger?: boolean },
  ) => Promise<Visitor>;
}

/** Over a server that is alone, unless it is said what to start. */
export function stage(start: () => Promise<Server> = startServer): Stage {
  let server: Server | undefined;
  let browser: Browser | undefined;
  let operator: Account | undefined;
  const here: Visitor[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([start(), launch()]);
    operator = await newOperator(server);
  });
  afterEach(async () => {
    for (const visitor of here.splice(0)) await visitor.leave();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const there = <T>(what: T | undefined): T => {
    if (what === undefined) throw new Error('the stage is not set up yet');
    return what;
  };
  return {
    get server() {
      return there(server);
    },
    get operator() {
      return there(operator);
    },
    visitor: async ({ stranger, ...options } = {}) => {
      const account =
        options.account ?? (stranger === true ? undefined : await newFan(there(server)));
      const who = account === undefined ? {} : { account };
      const visitor = await Visitor.come(there(browser), there(server).url, { ...options, ...who });
      here.push(visitor);
      return visitor;
    },
  };
}
