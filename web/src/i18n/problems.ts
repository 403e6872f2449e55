/** Every code that the server may answer with, in words: its own are English, and not shown. */
import type { Problem } from '../api/problem';
import { textOf } from './index';

/** Codes that only a fault of this page can cause: one text says what to do. */
const OUR_FAULT = [
  'malformed_body',
  'malformed_cursor',
  'malformed_host',
  'malformed_idempotency_key',
  'malformed_query',
  'wrong_media_type',
  'body_too_large',
  'method_not_allowed',
  'bad_request',
  'not_a_websocket',
  'idempotency_key_reused',
  'nothing_wanted',
  'wanted_twice',
  'not_in_hold',
] as const;

/** Codes that are said in the same words as another. */
const SAME_AS: Readonly<Record<string, string>> = {
  unknown_block: 'error.unknown_place',
  unknown_category: 'error.unknown_place',
  unknown_section: 'error.unknown_place',
};

/** The key of the text for a code. */
export function keyOf(code: string): string {
  if (OUR_FAULT.some((one) => one === code)) return 'error.our_fault';
  return SAME_AS[code] ?? `error.${code}`;
}

/** What to tell a fan. */
export function explain(problem: Problem): string {
  const values = { max: problem.max ?? 0 };
  return textOf(keyOf(problem.code), values) ?? textOf('error.unexpected', values) ?? problem.code;
}
