/** Replaying a dead letter, with a reason; it cannot be taken back. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { Note } from '../../ui/notes';
import { announce } from '../../ui/page';
import { ReasonDialog } from './ReasonDialog';

const t = texts('operator');

export function useLetterActs(reload: () => void) {
  const [asking, setAsking] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const action = t('action.replay_dead_letter');
  const dialog = asking !== null && (
    <ReasonDialog<Schemas['ReplayView']>
      key={asking}
      title={t('effect.title', { action, name: asking })}
      yes={action}
      ask={(asked) =>
        answer(api.POST('/api/v1/ops/dead-letters/actions', { body: { position: asking, ...asked } }))
      }
      show={(letter) => <p>{t('effect.replay_dead_letter', { n: letter.bytes, reason: letter.reason })}</p>}
      onClose={() => setAsking(null)}
      onDone={() => {
        setAsking(null);
        setDone(true);
        announce(t('effect.done', { action }));
        reload();
      }}
    />
  );
  const note = done && (
    <Note tone="good" live="polite">
      <p>{t('effect.done', { action })}</p>
    </Note>
  );
  return { ask: setAsking, dialog, note };
}
