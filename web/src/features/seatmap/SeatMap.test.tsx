import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { SeatMap, type PickTarget, type SeatMapProps } from './SeatMap';
import { STRINGS, hall } from './testing';

const root = document.createElement('div');
document.body.append(root);

afterEach(() => act(() => render(null, root)));

async function show(rest: Partial<SeatMapProps> = {}): Promise<{ picks: PickTarget[] }> {
  const picks: PickTarget[] = [];
  const props: SeatMapProps = {
    chart: hall(),
    states: signal(new Uint8Array(164)),
    version: signal(1),
    mine: new Set(),
    selectable: true,
    priceOf: () => '₩1',
    hiddenCategories: new Set(),
    onPick: (target) => void picks.push(target),
    strings: STRINGS,
    ...rest,
  };
  await act(() => render(<SeatMap {...props} />, root));
  return { picks };
}

function button(name: string): HTMLButtonElement {
  const found = [...root.querySelectorAll('button')].find(
    (each) => (each.getAttribute('aria-label') ?? each.textContent) === name,
  );
  if (found === undefined) throw new Error(`no button ${name}`);
  return found;
}

async function press(...names: string[]): Promise<void> {
  for (const name of names) await act(() => button(name).click());
}

// The test's page has no canvas, as some browsers of fans do not: the list is all there is.
describe('the map without a canvas', () => {
  it('is named, explained, and hides its picture from screen readers', async () => {
    await show();
    const pane = root.querySelector('[role=application]');
    expect(pane?.getAttribute('aria-label')).toBe('Seat map');
    const help = document.getElementById(pane?.getAttribute('aria-describedby') ?? '');
    expect(help?.textContent).toBe('Help');
    expect(pane?.getAttribute('tabindex')).toBe('0');
    for (const canvas of root.querySelectorAll('canvas')) {
      expect(canvas.getAttribute('aria-hidden')).toBe('true');
    }
    expect(root.querySelector('[aria-live=polite]')).not.toBeNull();
  });

  it('has a button for every gesture', async () => {
    await show();
    await press('Zoom in', 'Zoom out', 'Show all');
  });
});

describe('the list', () => {
  it('has the seats of the open row alone', async () => {
    await show();
    expect(root.querySelectorAll('.seatmap-choice')).toHaveLength(0);
    await press('List', 'Section 10130 left', 'Row B10 left');
    expect(root.querySelectorAll('.seatmap-choice')).toHaveLength(10);
    await press('Row C10 left');
    expect(root.querySelectorAll('.seatmap-choice')).toHaveLength(10);
    await press('Section 10230 left');
    expect(root.querySelectorAll('.seatmap-choice')).toHaveLength(0);
  });

  it('picks seats, whole tables and areas', async () => {
    const { picks } = await show();
    await press('List', 'Section 10130 left', 'Row B10 left');
    await press('Section 101, row B, seat 3, ₩1, free');
    await press('Section 103100 left', 'Floor, ₩1, 100 left');
    await press('Section 1044 left', 'Section 104, table T1 for 4, ₩1, free');
    expect(picks).toEqual([
      { type: 'seat', place: 12 },
      { type: 'area', block: 6 },
      { type: 'table', block: 7 },
    ]);
  });

  it('says what is taken and what is the fan’s own, and gives that back', async () => {
    const states = new Uint8Array(164).fill(2, 10, 12);
    const { picks } = await show({ states: signal(states), mine: new Set([11]) });
    await press('List', 'Section 10128 left', 'Row B8 left');
    const sold = button('Section 101, row B, seat 1, ₩1, sold');
    expect(sold.getAttribute('aria-disabled')).toBe('true');
    const mine = button('Section 101, row B, seat 2, ₩1, yours');
    expect(mine.getAttribute('aria-pressed')).toBe('true');
    await act(() => sold.click());
    await act(() => mine.click());
    expect(picks).toEqual([{ type: 'seat', place: 11 }]);
  });

  it('picks nothing while nothing can be picked', async () => {
    const { picks } = await show({ selectable: false });
    await press('List', 'Section 10130 left', 'Row B10 left');
    await press('Section 101, row B, seat 3, ₩1, free');
    expect(picks).toEqual([]);
  });
});
