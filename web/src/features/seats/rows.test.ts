import { expect, test } from 'vitest';
import type { Hold } from './cart';
import type { ChartView } from './chart';
import { rowsOf, wantedOf } from './rows';

const block = (kind: ChartView['blocks'][number]['kind'], first: number, count: number) => ({
  kind,
  label: kind,
  section: 0,
  first,
  count,
  categories: [0],
  x: [],
  y: [],
  labels: [],
});
const CHART: ChartView = {
  name: '',
  places: 20,
  focal_point: [0, 0],
  categories: [],
  sections: [],
  blocks: [
    block('row', 0, 4),
    block('table', 4, 4),
    block('whole_table', 8, 2),
    block('area', 10, 10),
  ],
};

function held(...items: [place: number, ticket_type: string][]): Hold {
  const kinds = ['row', 'table', 'whole_table', 'area'] as const;
  return {
    id: '',
    event: '',
    currency: '',
    total_minor: 0,
    order_fee_minor: 0,
    expires_at_ms: 0,
    extendable: false,
    ordered: false,
    items: items.map(([place, ticket_type]) => ({
      place,
      kind: kinds[CHART.blocks.filter((one) => one.first <= place).length - 1] ?? 'row',
      section: '',
      block: '',
      seat: '',
      category: '',
      ticket_type,
      amount_minor: 1,
      fee_minor: 0,
    })),
  };
}

test('seats are rows, whole tables and like units together', () => {
  const hold = held(
    [1, 'adult'],
    [5, 'child'],
    [8, 'adult'],
    [9, 'adult'],
    [10, 'adult'],
    [11, 'adult'],
    [12, 'child'],
  );
  expect(rowsOf(hold, CHART).map((row) => row.items.length)).toEqual([1, 1, 2, 2, 1]);
  expect(wantedOf(hold, CHART)).toEqual([
    { type: 'seat', place: 1, ticket_type: 'adult' },
    { type: 'seat', place: 5, ticket_type: 'child' },
    { type: 'table', block: 2, ticket_type: 'adult' },
    { type: 'units', block: 3, quantity: 2, ticket_type: 'adult' },
    { type: 'units', block: 3, quantity: 1, ticket_type: 'child' },
  ]);
});
