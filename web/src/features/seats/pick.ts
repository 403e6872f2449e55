/** What picking something means: taking it, or giving it back if it is the fan's own. Pure. */
import type { EventView } from '../../state/event';
import type { PickTarget } from '../seatmap/SeatMap';
import type { Wanted, Wish } from './cart';
import { blockIndexOf, categoryOf, placesOf, type ChartView } from './chart';
import { priceAs } from './prices';

/** A seat, or a table that is sold as a whole; how many places of an area has to be asked. */
type Whole = Exclude<PickTarget, { type: 'area' }>;

export function wishOf(
  event: EventView,
  chart: ChartView,
  mine: ReadonlySet<number>,
  ticketType: string,
  target: Whole,
): Wish {
  const index = target.type === 'seat' ? blockIndexOf(chart, target.place) : target.block;
  const block = chart.blocks[index];
  const all = block === undefined ? [] : placesOf(block);
  const places = target.type === 'seat' ? [target.place] : all;
  if (places.some((place) => mine.has(place))) return { type: 'remove', places };
  const price = priceAs(event, categoryOf(chart, places[0] ?? 0), ticketType);
  const ticket_type = price?.ticket_type ?? ticketType;
  const wanted: Wanted =
    target.type === 'seat'
      ? { type: 'seat', place: target.place, ticket_type }
      : { type: 'table', block: target.block, ticket_type };
  return { type: 'add', wanted, places };
}
