import type { Translation } from '../catalogue';
import type ko from '../ko/rehearse';

export default {
  'error.unknown_rehearsal': 'There is no such rehearsal. It may have been wiped.',
  'error.rehearsal_payments':
    'This server charges real cards. Rehearse on one that has the payment company’s test keys.',
  'error.rehearsal_ticket': 'A ticket of a rehearsal. Do not let in.',
} as const satisfies Translation<typeof ko>;
