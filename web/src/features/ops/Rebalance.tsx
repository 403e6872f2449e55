/** Giving every node as many events as the others, with a reason; it can be done again. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { Note } from '../../ui/notes';
import { announce } from '../../ui/page';
import { Moves } from './NodeActs';
import { ReasonDialog } from './ReasonDialog';

const t = texts('operator');

export function Rebalance() {
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState(false);
  const action = t('action.rebalance');
  const said = t('effect.done', { action });
  return (
    <>
      {done && (
        <Note tone="good" live="polite">
          <p>{said}</p>
        </Note>
      )}
      <p class="ops-pages">
        <button type="button" class="button" onClick={() => setAsking(true)}>
          {action}
        </button>
      </p>
      {asking && (
        <ReasonDialog<Schemas['NodeEffectView']>
          title={action}
          yes={action}
          ask={(asked) => answer(api.POST('/api/v1/ops/rebalance', { body: asked }))}
          show={(effect) => <Moves about={t('effect.rebalance')} effect={effect} />}
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false);
            setDone(true);
            announce(said);
          }}
        />
      )}
    </>
  );
}
