/** Two real nodes over real Postgres, Redis and Kafka; the first is no worker. */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { command, serve, type Server, type Settings } from './server';

const SERVICES = ['TIKETI_TEST_POSTGRES', 'TIKETI_TEST_REDIS', 'TIKETI_TEST_KAFKA'] as const;
const SCRIPT = new URL('../../.ci/services', import.meta.url).pathname;

/** Whether there are services; that there are none has to be said. */
export function haveServices(): boolean {
  const missing = SERVICES.find((name) => (process.env[name] ?? '') === '');
  if (missing === undefined) return true;
  if (process.env['TIKETI_TEST_SKIP_SERVICES'] === '1') return false;
  throw new Error(`${missing} is not set: start the services: .ci/services start DIR`);
}

/** What the nodes' database, topics and keys are called. */
const NAME = `e2e_${randomBytes(8).toString('hex')}`;

/** The first node, which stops the second one too. */
export async function startNodes(given: Settings = {}): Promise<Server> {
  const [postgres = '', redis = '', kafka = ''] = SERVICES.map((name) => process.env[name]);
  execFileSync('psql', [postgres, '-qc', `CREATE DATABASE ${NAME}`]);
  const folder = mkdtempSync(join(tmpdir(), 'tiketi-e2e-'));
  const settings: Settings = {
    ...given,
    TIKETI_KEYS_DIR: join(folder, 'keys'),
    TIKETI_CLUSTER__POSTGRES_URL: postgres.replace(/[^/]*$/, NAME),
    TIKETI_CLUSTER__REDIS_URL: redis,
    TIKETI_CLUSTER__KAFKA_BROKERS: kafka,
    TIKETI_CLUSTER__PREFIX: NAME,
    TIKETI_CLUSTER__NODE_LISTEN: '127.0.0.1:0',
    // A node that is not heard of for so long is gone: longer than a busy machine takes.
    TIKETI_CLUSTER__LEASE_TTL_MS: '12000',
  };
  command(['make-keys', join(folder, 'keys')], settings);
  command(['migrate'], settings);
  const roles = (...names: string[]): Settings => ({
    ...settings,
    TIKETI_ROLES: JSON.stringify(names),
  });
  const first = await serve(['--demo'], roles('gateway', 'engine'));
  const second = await serve([], roles('gateway', 'engine', 'worker'));
  const setupLink = command(['operator-link'], settings).trim();
  const stop = async () => {
    await Promise.all([first.stop(), second.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...first, setupLink, stop };
}

/** Publishes what no consumer can read under the number of a record of an event. */
export async function publishNoise(event: string): Promise<void> {
  // It takes a while: whoever waits without looking does not see that a server ends idle connections.
  await promisify(execFile)(SCRIPT, ['publish', `${NAME}.records`, event, '1', 'noise']);
}
