/** What is filled in for an event: amounts, times and the table of prices. Pure. */
import type { components } from '../api/schema';

export type EventBody = components['schemas']['DraftBody'];
export type Fault = components['schemas']['FaultView'];
type TicketType = EventBody['ticket_types'][number];

export const CURRENCIES = ['KRW', 'JPY', 'USD', 'EUR', 'GBP', 'KWD'] as const;

/** Decimal digits of a currency's smallest unit. */
export function decimalsOf(currency: string): number {
  if (currency === 'KWD') return 3;
  return currency === 'KRW' || currency === 'JPY' || currency === '' ? 0 : 2;
}

/** What somebody typed as an amount, in the smallest unit; null if it is none. */
export function toMinor(typed: string, decimals: number): number | null {
  const parts = /^(\d{1,12})(?:\.(\d+))?$/.exec(typed.trim().replaceAll(',', ''));
  const [, whole = '', part = ''] = parts ?? [];
  if (parts === null || part.length > decimals) return null;
  return Number(whole + part.padEnd(decimals, '0'));
}

export function fromMinor(minor: number, decimals: number): string {
  const digits = String(minor).padStart(decimals + 1, '0');
  if (decimals === 0) return digits;
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A moment as an input for local times has it; empty if there is none. */
export function toLocal(moment: string): string {
  const at = new Date(moment);
  if (moment === '' || Number.isNaN(at.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function fromLocal(typed: string): string {
  const at = new Date(typed);
  return typed === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

/** What is typed into one cell of the price table. */
export interface Cell {
  readonly amount: string;
  readonly fee: string;
}

export const EMPTY: Cell = { amount: '', fee: '' };

/** Cells by {@link cellKey}. */
export type Cells = Readonly<Record<string, Cell>>;

export function cellKey(category: string, ticketType: string): string {
  return JSON.stringify([category, ticketType]);
}

export function cellsOf(event: EventBody): Cells {
  const decimals = decimalsOf(event.currency);
  return Object.fromEntries(
    event.prices.map((price) => [
      cellKey(price.category, price.ticket_type),
      {
        amount: fromMinor(price.amount_minor, decimals),
        fee: fromMinor(price.fee_minor ?? 0, decimals),
      },
    ]),
  );
}

/** What is no amount becomes one that no price table takes, so that the server names the cell. */
const NO_AMOUNT = -1;

/** The prices of what is typed, by category and then ticket type; an empty cell is not for sale. */
export function pricesOf(
  cells: Cells,
  categories: readonly { readonly key: string }[],
  types: readonly TicketType[],
  currency: string,
): EventBody['prices'] {
  const minor = (typed: string) => toMinor(typed, decimalsOf(currency)) ?? NO_AMOUNT;
  return categories.flatMap(({ key: category }) =>
    types.flatMap(({ key: ticket_type }) => {
      const { amount, fee } = cells[cellKey(category, ticket_type)] ?? EMPTY;
      if (amount.trim() === '') return [];
      const fee_minor = fee.trim() === '' ? 0 : minor(fee);
      return [{ category, ticket_type, amount_minor: minor(amount), fee_minor }];
    }),
  );
}

/** A ticket type more, with a key that no other has. */
export function withType(types: readonly TicketType[], label: string): TicketType[] {
  let number = types.length + 1;
  while (types.some((type) => type.key === `type-${number}`)) number += 1;
  return [...types, { key: `type-${number}`, label }];
}

/** The faults of a field: its own and those of what is in it. */
export function faultsAt(faults: readonly Fault[], field: string): Fault[] {
  return faults.filter(
    ({ path }) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
  );
}

/** A list with one of its entries a place further to the front. */
export function sooner<T>(list: readonly T[], at: number): T[] {
  const [one, before] = [list[at], list[at - 1]];
  if (one === undefined || before === undefined) return [...list];
  return list.with(at - 1, one).with(at, before);
}

/** The same event at another time, which is not known yet. */
export function untimed(event: EventBody): EventBody {
  const never = { starts_at: '', lobby_opens_at: '', opens_at: '', closes_at: '', refunds_until: '' };
  return { ...event, ...never };
}

/** What a new event begins with. */
export function blank(currency: string, ticketType: string): EventBody {
  return {
    title: '',
    description: '',
    venue: '',
    venue_id: '',
    artists: [],
    poster: null,
    starts_at: '',
    chart: '',
    currency,
    order_fee_minor: 0,
    ticket_types: [{ key: 'adult', label: ticketType }],
    prices: [],
    lobby_opens_at: '',
    opens_at: '',
    closes_at: '',
    refunds_until: '',
    places_per_hold_max: 4,
    places_per_fan_max: 8,
    hold_ttl_s: 420,
    hold_extension_s: 180,
    admitted_max: 500,
    claim_ttl_s: 120,
    session_ttl_s: 900,
  };
}
