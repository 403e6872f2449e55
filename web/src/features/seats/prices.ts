/** What a place costs, and as what it can be bought. Pure. */
import type { Schemas } from '../../api/client';

type EventView = Schemas['EventView'];
export type Price = Schemas['PriceView'];

/** The price of a category as a ticket type; else as the first type that it is sold as. */
export function priceAs(event: EventView, category: number, ticketType: string): Price | null {
  const prices = event.categories[category]?.prices ?? [];
  return prices.find((one) => one.ticket_type === ticketType) ?? prices[0] ?? null;
}

/** The ticket types that a category is sold as, in the event's order. */
export function typesOf(event: EventView, categoryKey: string): EventView['ticket_types'] {
  const category = event.categories.find((one) => one.key === categoryKey);
  return event.ticket_types.filter((type) =>
    category?.prices.some((one) => one.ticket_type === type.key),
  );
}
