/** Seating plans to upload. */
import type { Page } from 'playwright-core';

/** A room of two rows in pretix's format: the front row is dearer. */
export function room(name: string) {
  const seat = (row: number, seat: number) => ({
    seat_guid: `${row}-${seat}`,
    seat_number: String(seat + 1),
    position: { x: seat * 5, y: 0 },
    category: row === 0 ? 'front' : 'back',
  });
  const row = (at: number) => ({
    row_number: String(at + 1),
    row_number_position: 'both',
    position: { x: 0, y: at * 9 },
    seats: [0, 1, 2, 3, 4, 5].map((n) => seat(at, n)),
  });
  return {
    name,
    size: { width: 200, height: 200 },
    categories: [
      { name: 'front', color: '#4477aa' },
      { name: 'back', color: '#cc6677' },
    ],
    zones: [{ name: 'Stalls', uuid: 'z', position: { x: 10, y: 20 }, rows: [row(0), row(1)], areas: [] }],
  };
}

/** Chooses a plan as a file. */
export async function upload(page: Page, name: string, plan: string): Promise<void> {
  const file = { name, mimeType: 'application/json', buffer: Buffer.from(plan) };
  await page.getByLabel('Choose a file').setInputFiles(file);
}
