/** What the pages of venues and artists ask the server. */
import { answer, api, type Schemas } from '../../api/client';
import type { Answer } from '../../api/problem';

export type Venue = Schemas['VenueView'];
export type Artist = Schemas['ArtistView'];
export type Picture = Schemas['PictureBody'];

/** As much as the server takes. */
export const IMAGE_BYTES_MAX = 1024 * 1024;

export function askVenues(): Promise<Answer<Venue[]>> {
  return answer(api.GET('/api/v1/operator/venues'));
}

export function askArtists(): Promise<Answer<Artist[]>> {
  return answer(api.GET('/api/v1/operator/artists'));
}

export function urlOf(image: string): string {
  return `/api/v1/images/${image}`;
}

/** Sends a file as it is: what kind of image it is the server says. */
export function upload(file: File): Promise<Answer<Schemas['KeptImageView']>> {
  return answer<Schemas['KeptImageView']>(send(file));
}

async function send(file: File) {
  const post = () => fetch('/api/v1/operator/images', { method: 'POST', body: file });
  let response = await post();
  if (response.status === 401) {
    // Any other request renews a session that has become too old.
    await api.GET('/api/v1/session');
    response = await post();
  }
  const body: unknown = await response.json();
  return response.ok
    ? { data: body as Schemas['KeptImageView'], response }
    : { error: body, response };
}
