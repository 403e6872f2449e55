/** Targets in words, for tooltips, screen readers and the list. */
import { FREE, HELD, SOLD } from '../../model/frames';
import { ACCESSIBLE, COMPANION, RESTRICTED_VIEW, type BlockView } from './chart';
import { seatLabel, blockAt, type Layout } from './layout';
import type { SeatLook, SeatMapStrings } from './strings';
import type { Tally } from './tally';
import { placeOf, type PickTarget, type Target } from './target';

export interface Description {
  readonly name: string;
  /** Price, state and what else is to be known, in this order. */
  readonly details: readonly string[];
}

/** What a description is made of. */
export interface Knowledge {
  readonly layout: Layout;
  readonly tally: Tally;
  readonly strings: SeatMapStrings;
  readonly mine: ReadonlySet<number>;
  priceOf(category: number): string | null;
}

export function describe(known: Knowledge, target: Target): Description {
  const { layout, tally, strings } = known;
  if (target.type === 'section') {
    const { label, entrance } = layout.sections[target.section] ?? { label: '', entrance: '' };
    const free = strings.free(tally.freeInSection[target.section] ?? 0);
    return { name: strings.section(label), details: [free, entrance].filter(isSaid) };
  }
  const place = placeOf(layout, target);
  const details = [known.priceOf(layout.category[place] ?? 0) ?? ''];
  if (target.type === 'area') details.push(strings.free(tally.freeInBlock[target.block] ?? 0));
  const look = lookOf(known, place);
  if (target.type !== 'area' || look === 'mine') details.push(strings.states[look]);
  if (target.type === 'seat') details.push(...traitsOf(known, place));
  return { name: nameOf(known, target), details: details.filter(isSaid) };
}

/** A description as one sentence. */
export function inWords({ name, details }: Description): string {
  return [name, ...details].join(', ');
}

export function lookOf({ tally, mine, layout }: Knowledge, place: number): SeatLook {
  if (mine.has(place)) return 'mine';
  const block = blockAt(layout, place);
  if (block?.kind === 'area' && hasMine(mine, block)) return 'mine';
  switch (tally.stateOf(place)) {
    case FREE:
      return 'free';
    case HELD:
      return 'held';
    case SOLD:
      return 'sold';
    default:
      return 'not_for_sale';
  }
}

/** Whether a target can be picked: free, or the fan's own to be given back. */
export function isPickable(known: Knowledge, target: PickTarget): boolean {
  const { layout, tally, mine } = known;
  const place = placeOf(layout, target);
  if (target.type === 'area') {
    const block = layout.chart.blocks[target.block];
    if (block !== undefined && hasMine(mine, block)) return true;
    return (tally.freeInBlock[target.block] ?? 0) > 0;
  }
  const look = lookOf(known, place);
  return look === 'mine' || (look === 'free' && !tally.isHidden(place));
}

function nameOf({ layout, strings }: Knowledge, target: PickTarget): string {
  const place = placeOf(layout, target);
  const block = blockAt(layout, place);
  if (block === undefined) return '';
  const section = layout.sections[block.section]?.label ?? '';
  if (target.type === 'area') return block.label;
  if (target.type === 'table') return strings.table(section, block.label, block.count);
  const seat = seatLabel(layout, place);
  return block.kind === 'row'
    ? strings.seat(section, block.label, seat)
    : strings.tableSeat(section, block.label, seat);
}

function traitsOf({ layout, strings }: Knowledge, place: number): string[] {
  const traits = layout.traits[place] ?? 0;
  return [
    traits & ACCESSIBLE ? strings.accessible : '',
    traits & COMPANION ? strings.companion : '',
    traits & RESTRICTED_VIEW ? strings.restrictedView : '',
  ];
}

function hasMine(mine: ReadonlySet<number>, { first, count }: BlockView): boolean {
  for (const place of mine) if (place >= first && place < first + count) return true;
  return false;
}

function isSaid(text: string): boolean {
  return text !== '';
}
