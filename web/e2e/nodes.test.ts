import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { until } from './browser';
import { agree, logShows } from './deeds';
import { looksRight } from './looks';
import { haveServices, publishNoise, startNodes } from './nodes';
import { newEvent, newStaff, type Account } from './server';
import { stage } from './stage';

describe.skipIf(!haveServices())('two nodes', () => {
  const set = stage(() => startNodes());

  /** Events that somebody asks for, so that a node owns each. */
  async function ownedEvents(count: number): Promise<() => Promise<void>> {
    const events: string[] = [];
    while (events.length < count) {
      events.push(await newEvent(set.operator, { title: `Night ${events.length}` }));
    }
    return async () => {
      for (const event of events) {
        await set.operator.ask('GET', `/api/v1/operator/events/${event}`).catch(() => undefined);
      }
    };
  }

  /** The same dialog for whoever reads Korean in the dark on a small phone. */
  async function looksRightInKorean(account: Account, path: string, act: string): Promise<void> {
    const look = { locale: 'ko', dark: true, width: 320, height: 640 } as const;
    const other = await set.visitor({ account, ...look });
    await other.open(path);
    await other.page.locator('main tbody').getByRole('button', { name: act }).first().click();
    await other.page.locator('.reason-effect p').first().waitFor();
    await looksRight(other.page);
    await other.leave();
  }

  /** Sees the nodes, is offered nothing to do to them, and is refused it. */
  async function aViewerCannot(node: string): Promise<void> {
    const account = await newStaff(set.operator, 'viewer');
    const viewer = await set.visitor({ account, locale: 'en' });
    await viewer.open('/ops/nodes');
    await viewer.page.locator('tbody code', { hasText: node }).waitFor();
    const main = viewer.page.locator('main');
    expect(await main.getByRole('button').allInnerTexts()).toEqual(['Freeze']);
    const reason = 'because I can';
    for (const [path, body] of [
      [`nodes/${node}/actions`, { action: 'drain_node', reason }],
      [`nodes/${node}/actions`, { action: 'rejoin_node', reason }],
      ['rebalance', { reason }],
    ] as const) {
      for (const preview of [true, false]) {
        const asked = account.ask('POST', `/api/v1/ops/${path}`, { ...body, preview });
        await expect(asked).rejects.toThrow('403');
      }
    }
  }

  test('a dead letter is read and replayed through a node that is no worker', async () => {
    const event = await newEvent(set.operator, { title: 'A night of noise' });
    await publishNoise(event);
    const [watching, acting] = [
      await newStaff(set.operator, 'viewer'),
      await newStaff(set.operator, 'operator'),
    ];
    const viewer = await set.visitor({ account: watching, locale: 'en' });
    await viewer.open('/ops/streams');
    const letters = (page: Page) =>
      page.getByRole('region', { name: 'Dead letters' }).locator('tbody tr');
    await letters(viewer.page).first().waitFor();
    expect(await viewer.page.getByRole('button', { name: 'Replay a dead letter' }).count()).toBe(0);

    const operator = await set.visitor({ account: acting, locale: 'en' });
    const { page } = operator;
    await operator.open('/ops/streams');
    const consumer = page.getByRole('region', { name: 'Consumers' }).locator('tbody tr');
    await until('the count is not behind', async () => /^0\b/.test(await consumer.locator('td').nth(1).innerText()));
    await page.getByText('stats by partition').click();
    expect(await page.locator('details[open] tbody tr').count()).toBe(12);
    const row = letters(page).first();
    await row.waitFor();
    expect(await letters(page).count()).toBe(1);
    const position = await row.locator('th').innerText();
    expect(position).toMatch(/^stats\/\d+\/\d+$/);
    for (const preview of [true, false]) {
      const sent = { position, reason: 'because I can', preview };
      await expect(
        watching.ask('POST', '/api/v1/ops/dead-letters/actions', sent),
      ).rejects.toThrow('403');
    }
    await row.getByRole('button').press('Enter');
    await page.getByText(/^Its 5 bytes are published again, for every consumer/).waitFor();
    await looksRight(page);
    await looksRightInKorean(acting, '/ops/streams', '읽지 못한 메시지 다시 보내기');
    await agree(page, 'Replay a dead letter', 'the consumer reads it now');
    await page.getByText('Replay a dead letter: done.').first().waitFor();
    // It is noise still: the consumer puts it there again, as another delivery.
    await until('another delivery', async () => {
      const shown = await letters(page).locator('th').allInnerTexts();
      return shown.length === 1 && shown[0] !== position;
    });
    const reason = 'the consumer reads it now';
    const done = { action: 'replay_dead_letter', reason, target: position, event };
    await logShows(operator, acting, [done]);
  });

  test('a node is drained from the page and used again, and the nodes are evened out', async () => {
    const askForAll = await ownedEvents(8);
    const acting = await newStaff(set.operator, 'operator');
    const operator = await set.visitor({ account: acting, locale: 'en' });
    const { page } = operator;
    await operator.open('/ops/nodes');
    const rows = page.getByRole('region', { name: 'Nodes' }).locator('tbody tr');
    await until('two nodes are up', async () => {
      await askForAll();
      return (await rows.getByText('Up', { exact: true }).count()) === 2;
    });
    // The one that is a worker, too: the page itself is of the other.
    const row = rows.filter({ hasText: 'worker' });
    const name = await row.locator('code').innerText();
    const owned = async () => Number(await row.locator('td').nth(2).innerText());
    await until('it owns some', async () => {
      await askForAll();
      return (await owned()) > 0;
    });
    await row.getByRole('button', { name: `Drain the node: ${name}` }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The node owns no more events, and goes on serving fans.').waitFor();
    await dialog.locator('li').filter({ hasText: name }).first().waitFor();
    await looksRight(page);
    await looksRightInKorean(acting, '/ops/nodes', '노드 비우기');
    await aViewerCannot(name);
    await agree(page, 'Drain the node', 'its disk is replaced');
    await row.getByText('Draining', { exact: true }).waitFor();
    await until('it owns nothing', async () => (await owned()) === 0);

    await page.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('The node owns events again.').waitFor();
    await agree(page, 'Use the node again', 'it has a new disk');
    await row.getByText('Up', { exact: true }).waitFor();
    await until('it owns some again', async () => {
      await askForAll();
      return (await owned()) > 0;
    });

    await page.getByRole('button', { name: 'Even the nodes out' }).click();
    await dialog.getByText(/^Every node owns as many events as the others/).waitFor();
    await agree(page, 'Even the nodes out', 'one had more than its share');
    await page.getByText('Even the nodes out: done.').first().waitFor();
    await until('they are even', async () => {
      await askForAll();
      const counts = await rows.locator('td:nth-of-type(3)').allInnerTexts();
      const [one = 0, other = 99] = counts.map(Number);
      const even = Math.abs(one - other) < 2;
      // Events may still have been on their way to the node that is used again when that was asked.
      if (!even) await set.operator.ask('POST', '/api/v1/ops/rebalance', { reason: 'once more' });
      return even;
    });
    await logShows(operator, acting, [
      { action: 'drain_node', reason: 'its disk is replaced', target: name },
      { action: 'rejoin_node', reason: 'it has a new disk', target: name },
      { action: 'rebalance', reason: 'one had more than its share', target: /^\d+ events$/ },
    ]);
  });
});
