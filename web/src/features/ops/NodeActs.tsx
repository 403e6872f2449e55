/** What can be done to a node, each with a reason; and the way back. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { Note } from '../../ui/notes';
import { announce } from '../../ui/page';
import { titleText } from './figures';
import { ReasonDialog } from './ReasonDialog';

const t = texts('operator');

type Effect = Schemas['NodeEffectView'];

export interface NodeAct {
  readonly action: Schemas['NodeActionName'];
  readonly node: string;
}

const UNDONE_BY = { drain_node: 'rejoin_node', rejoin_node: 'drain_node' } as const;

export function useNodeActs() {
  const [asking, setAsking] = useState<NodeAct | null>(null);
  const [last, setLast] = useState<NodeAct | null>(null);
  const said = (act: NodeAct) => t('effect.done', { action: t(`action.${act.action}`) });
  const dialog = asking !== null && (
    <ReasonDialog<Effect>
      key={`${asking.action} ${asking.node}`}
      title={t('effect.title', { action: t(`action.${asking.action}`), name: asking.node })}
      yes={t(`action.${asking.action}`)}
      ask={(asked) =>
        answer(
          api.POST('/api/v1/ops/nodes/{node}/actions', {
            params: { path: { node: asking.node } },
            body: { action: asking.action, ...asked },
          }),
        )
      }
      show={(effect) => <Moves about={t(`effect.${asking.action}`)} effect={effect} />}
      onClose={() => setAsking(null)}
      onDone={() => {
        setLast(asking);
        setAsking(null);
        announce(said(asking));
      }}
    />
  );
  const note = last !== null && (
    <Note tone="good" live="polite">
      <div class="row spread">
        <p>{said(last)}</p>
        <button
          type="button"
          class="button"
          onClick={() => setAsking({ action: UNDONE_BY[last.action], node: last.node })}
        >
          {t('effect.undo')}
        </button>
      </div>
    </Note>
  );
  return { ask: setAsking, dialog, note };
}

/** What would move, and from where to where. */
export function Moves({ about, effect }: { about: string; effect: Effect }) {
  const { sums, moves, complete } = effect;
  return (
    <>
      <p>{about}</p>
      {sums.length === 0 ? (
        <p>{t('effect.no_moves')}</p>
      ) : (
        <ul>
          {sums.map(({ from, to, events }) => (
            <li key={`${from} ${to}`}>{t('effect.moves', { from, to, n: events })}</li>
          ))}
        </ul>
      )}
      {moves.length > 0 && (
        <details>
          <summary>{t('effect.first')}</summary>
          <ul>
            {moves.map((moved) => (
              <li key={moved.event}>
                {titleText(moved)} → <code>{moved.to}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
      {!complete && <p>{t('effect.incomplete')}</p>}
    </>
  );
}
