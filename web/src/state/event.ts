/** An event with everything that its pages show. */
import { answer, api, type Schemas } from '../api/client';

export type EventView = Schemas['EventView'];

export function askEvent(id: string) {
  return answer(api.GET('/api/v1/events/{event}', { params: { path: { event: id } } }));
}
