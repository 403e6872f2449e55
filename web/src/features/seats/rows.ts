/** A hold as people read it, row by row, and back in the words of a request. Pure. */
import type { Hold, Wanted } from './cart';
import { blockIndexOf, type ChartView } from './chart';

type Item = Hold['items'][number];

export interface Row {
  readonly key: string;
  /** One place, or all of a table. */
  readonly items: readonly Item[];
  readonly first: Item;
  readonly block: number;
}

/** A seat is a row; a table that is sold as a whole is one, and so are units of an area that are alike. */
export function rowsOf(hold: Hold, chart: ChartView): Row[] {
  const rows = new Map<string, Row>();
  for (const item of hold.items) {
    const block = blockIndexOf(chart, item.place);
    const key = keyOf(item, block);
    const row = rows.get(key) ?? { key, items: [], first: item, block };
    rows.set(key, { ...row, items: [...row.items, item] });
  }
  return [...rows.values()];
}

function keyOf(item: Item, block: number): string {
  switch (item.kind) {
    case 'row':
    case 'table':
      return `place ${item.place}`;
    case 'whole_table':
      return `table ${block}`;
    case 'area':
      return `units ${block} ${item.ticket_type}`;
    default:
      return item.kind satisfies never;
  }
}

/** The same places as another type, in the words of a request. */
export function wantedAs({ first, block, items }: Row, ticketType: string): Wanted {
  if (first.kind === 'whole_table') return { type: 'table', block, ticket_type: ticketType };
  if (first.kind === 'area') {
    return { type: 'units', block, quantity: items.length, ticket_type: ticketType };
  }
  return { type: 'seat', place: first.place, ticket_type: ticketType };
}

/** Everything that a hold has, as it would be asked for. */
export function wantedOf(hold: Hold, chart: ChartView): Wanted[] {
  return rowsOf(hold, chart).map((row) => wantedAs(row, row.first.ticket_type));
}
