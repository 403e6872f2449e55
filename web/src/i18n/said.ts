/** A text that the server has in both languages. */
import type { Schemas } from '../api/client';
import { language } from './format';

export function said(text: Schemas['TextView']): string {
  return language.value === 'en' ? text.en : text.ko;
}
