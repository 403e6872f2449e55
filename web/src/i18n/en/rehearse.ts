import type { Translation } from '../catalogue';
import type ko from '../ko/rehearse';

export default {
  'rehearse.title': 'Rehearsals',
  'rehearse.titled': 'Rehearsal: {title}',
  'rehearse.about':
    'A rehearsal is a copy of an event. Fans do not see it, no money moves, and no figure of sales has it in it. Viewers and bots come in by its link.',
  'rehearse.none': 'There are no rehearsals. Begin one at a draft or a published event.',
  'rehearse.start': 'Rehearse',
  'rehearse.start_title': 'Rehearse it?',
  'rehearse.start_text':
    '“{title}”: {places} places, {inside} inside at most. It is on sale at once, until {until}. Plan, prices and limits stay as they are.',
  'rehearse.paid': 'Payments go to the payment company’s sandbox alone.',
  'rehearse.unpaid': 'This server takes no payments, so bots cannot pay.',
  'rehearse.made': 'The rehearsal is made.',
  'rehearse.made_at': 'Made',
  'rehearse.state.made': 'Running',
  'rehearse.state.wiping': 'Being wiped',
  'rehearse.state.wiped': 'Wiped',
  'rehearse.held': 'Held',
  'rehearse.sold': 'Sold',
  'rehearse.of': '{sold} / {all}',
  'rehearse.acts': 'What can be done',
  'rehearse.watch': 'Watch',
  'rehearse.bots': 'Let bots in',
  'rehearse.bots_of': 'Let bots into {title}',
  'rehearse.command':
    'Run this in the folder of the repository. It works until {until} and is not shown again. Other files of bench/scenarios buy, wait or look around.',
  'rehearse.audited': 'What bots are told is held against the journal in the end.',
  'rehearse.database':
    'With --database and the URL of Postgres, what bots are told is held against the journal in the end.',
  'rehearse.wipe': 'Wipe',
  'rehearse.wipe_of': 'Wipe {title}',
  'rehearse.wipe_text':
    '{records} records, {orders} orders, {payments} payments and {tickets} tickets are gone for good. Bots that are in it are put out.',
  'rehearse.gone': 'The rehearsal is wiped.',

  'error.unknown_rehearsal': 'There is no such rehearsal. It may have been wiped.',
  'error.rehearsal_payments':
    'This server charges real cards. Rehearse on one that has the payment company’s test keys.',
  'error.rehearsal_ticket': 'A ticket of a rehearsal. Do not let in.',
} as const satisfies Translation<typeof ko>;
