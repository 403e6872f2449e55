import { expect, test } from 'vitest';
import {
  blockIndexOf,
  categoryOf,
  freeByCategory,
  labelOf,
  placesOf,
  type ChartView,
} from './chart';

const CHART: ChartView = {
  name: 'A room',
  places: 9,
  focal_point: [0, 0],
  categories: [
    { key: 'a', label: 'A', color: '' },
    { key: 's', label: 'Standing', color: '' },
  ],
  sections: [{ label: 'Stalls', outline: [], entrance: '' }],
  blocks: [
    {
      kind: 'row',
      label: '1',
      section: 0,
      first: 0,
      count: 3,
      categories: [0, 0, 1],
      x: [],
      y: [],
      labels: ['1', '2', '3'],
    },
    {
      kind: 'whole_table',
      label: 'T1',
      section: 0,
      first: 3,
      count: 2,
      categories: [0],
      x: [],
      y: [],
      labels: ['1', '2'],
    },
    {
      kind: 'area',
      label: 'Pit',
      section: 0,
      first: 5,
      count: 4,
      categories: [1],
      x: [0],
      y: [0],
      labels: [],
    },
  ],
};

test('a place knows its block, category and name', () => {
  expect([0, 2, 3, 4, 5, 8].map((place) => blockIndexOf(CHART, place))).toEqual([0, 0, 1, 1, 2, 2]);
  expect([0, 2, 4, 7].map((place) => categoryOf(CHART, place))).toEqual([0, 1, 0, 1]);
  expect(labelOf(CHART, 1)).toEqual({ section: 'Stalls', block: '1', seat: '2' });
  expect(labelOf(CHART, 4)).toEqual({ section: 'Stalls', block: 'T1', seat: '' });
  expect(labelOf(CHART, 8)).toEqual({ section: 'Stalls', block: 'Pit', seat: '' });
});

test('free places are counted by category', () => {
  const states = Uint8Array.from([0, 1, 0, 0, 0, 0, 2, 0, 3]);
  expect([...freeByCategory(CHART, states, 0)]).toEqual([3, 3]);
  expect([...freeByCategory(CHART, new Uint8Array(0), 0)]).toEqual([0, 0]);
});

test('a block has all of its places', () => {
  const area = CHART.blocks[2];
  expect(area === undefined ? [] : placesOf(area)).toEqual([5, 6, 7, 8]);
});
