/**
 * The runtime behind openapi-fetch's types.
 *
 * The library itself serializes parameters in every style that OpenAPI has, and weighs a tenth of
 * what a fan may load before the first picture. This API has plain path segments, plain queries and
 * JSON, so its types are kept and these few lines do the rest.
 */
import type { Client } from 'openapi-fetch';
import type { paths } from './schema';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The part of openapi-fetch's client that this app uses. */
export type ThinClient = Pick<Client<paths>, Method>;

interface Options {
  params?: {
    path?: Record<string, string | number>;
    query?: Record<string, string | number | null | undefined>;
    header?: Record<string, string | null | undefined>;
  };
  body?: unknown;
}

export function createThinClient(
  origin: string,
  send: (request: Request) => Promise<Response>,
): ThinClient {
  const ask =
    (method: Method) =>
    async (path: string, options: Options = {}) => {
      const response = await send(requestOf(method, origin, path, options));
      const text = await response.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      return response.ok ? { data: body, response } : { error: body, response };
    };
  const client = { GET: ask('GET'), POST: ask('POST'), PATCH: ask('PATCH'), DELETE: ask('DELETE') };
  // The one cast between what is written here and what the contract says of it.
  return client as unknown as ThinClient;
}

/** What is sent for a path of the contract. */
export function requestOf(method: Method, origin: string, path: string, options: Options): Request {
  const { params = {}, body } = options;
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params.path?.[name];
    return value === undefined ? whole : encodeURIComponent(value);
  });
  const url = new URL(filled, origin);
  for (const [name, value] of Object.entries(params.query ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(params.header ?? {})) {
    if (value !== undefined && value !== null) headers.set(name, value);
  }
  if (body === undefined) return new Request(url, { method, headers });
  headers.set('Content-Type', 'application/json');
  return new Request(url, { method, headers, body: JSON.stringify(body) });
}
