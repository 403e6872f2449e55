/**
 * What went wrong with a request: the server's problem details, or the same made here when there
 * was no answer at all.
 */
import type { components } from './schema';

/** Problem details (RFC 9457) with a stable code. */
export type Problem = components['schemas']['ProblemDetails'];

/** Every request ends in one of these; nothing is thrown past the client. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** Codes that no server sends. */
export const OFFLINE = 'offline';
export const UNREADABLE = 'unreadable';

/** There was no answer. */
export function offline(): Problem {
  return local(OFFLINE, 'no answer from the server');
}

/** There was an answer that is none of the API's. */
export function unreadable(status: number): Problem {
  return { ...local(UNREADABLE, 'the answer could not be read'), status };
}

function local(code: string, detail: string): Problem {
  return { type: 'about:blank', title: code, status: 0, detail, code, request_id: '' };
}

/** Whether a parsed body is a problem. */
export function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    typeof (body as { code?: unknown }).code === 'string' &&
    typeof (body as { status?: unknown }).status === 'number'
  );
}
