import { describe as group, expect, it } from 'vitest';
import { describe, inWords, isPickable, lookOf } from './describe';
import { layoutOf } from './layout';
import { chartOf, hall, knowledge, row, table } from './testing';

group('in words', () => {
  const known = knowledge();

  it('a seat has a name, a price, a state and what is special about it', () => {
    const chart = chartOf([
      row('A', 0, 2, [0, 0], { accessible: [0], companion: [1], restricted_view: [1] }),
    ]);
    const special = knowledge(layoutOf(chart));
    expect(describe(special, { type: 'seat', place: 0 })).toEqual({
      name: 'Section 101, row A, seat 1',
      details: ['₩1', 'free', 'wheelchair'],
    });
    expect(inWords(describe(special, { type: 'seat', place: 1 }))).toBe(
      'Section 101, row A, seat 2, ₩1, free, companion, restricted view',
    );
  });

  it('says nothing of a price that there is not', () => {
    const free = knowledge(undefined, { priceOf: () => null });
    expect(describe(free, { type: 'seat', place: 30 }).details).toEqual(['free']);
  });

  it('tables, areas and sections are described as a whole', () => {
    expect(inWords(describe(known, { type: 'table', block: 7 }))).toBe(
      'Section 104, table T1 for 4, ₩1, free',
    );
    expect(inWords(describe(known, { type: 'area', block: 6 }))).toBe('Floor, ₩1, 100 left');
    expect(inWords(describe(known, { type: 'section', section: 1 }))).toBe('Section 102, 30 left');
  });

  it('a seat at a table that is not sold as a whole belongs to the table', () => {
    const single = knowledge(layoutOf(chartOf([{ ...table('T1', 0, 0, 0), kind: 'table' }])));
    expect(describe(single, { type: 'seat', place: 2 }).name).toBe('Section 101, table T1, seat 3');
  });
});

group('what can be picked', () => {
  const layout = layoutOf(hall());

  it('is free or the fan’s own', () => {
    const known = knowledge(layout, { mine: new Set([3]) });
    const states = new Uint8Array(164);
    states.set([0, 1, 2, 1, 3]);
    known.tally.update(states);
    const looks = [0, 1, 2, 3, 4].map((place) => lookOf(known, place));
    expect(looks).toEqual(['free', 'held', 'sold', 'mine', 'not_for_sale']);
    const pickable = [0, 1, 2, 3, 4].map((place) => isPickable(known, { type: 'seat', place }));
    expect(pickable).toEqual([true, false, false, true, false]);
  });

  it('is not what is filtered out, unless it is the fan’s own', () => {
    const known = knowledge(layout, { mine: new Set([3]) });
    known.tally.hide(new Set([0]));
    expect(isPickable(known, { type: 'seat', place: 0 })).toBe(false);
    expect(isPickable(known, { type: 'seat', place: 3 })).toBe(true);
    expect(isPickable(known, { type: 'seat', place: 30 })).toBe(true);
  });

  it('is an area as long as one place is free or one is the fan’s own', () => {
    const area = { type: 'area', block: 6 } as const;
    const full = new Uint8Array(164).fill(2);
    const known = knowledge(layout);
    known.tally.update(full);
    expect(isPickable(known, area)).toBe(false);
    expect(isPickable({ ...known, mine: new Set([99]) }, area)).toBe(true);
    expect(describe({ ...known, mine: new Set([99]) }, area).details).toContain('yours');
    known.tally.update(full.with(80, 0));
    expect(isPickable(known, area)).toBe(true);
  });
});
