/** An event with everything that its pages show. */
import { answer, api, type Schemas } from '../api/client';

export type EventView = Schemas['EventView'];

export function askEvent(id: string) {
  return answer(api.GET('/api/v1/events/{event}', { params: { path: { event: id } } }));
}

/** What keys of ticket types and categories are called; the key itself until the event is known. */
export interface Names {
  readonly type: (key: string) => string;
  readonly category: (key: string) => string;
}

export function namesOf(event: EventView | null): Names {
  const label = (all: readonly { key: string; label: string }[] | undefined) => (key: string) =>
    all?.find((one) => one.key === key)?.label ?? key;
  return { type: label(event?.ticket_types), category: label(event?.categories) };
}
