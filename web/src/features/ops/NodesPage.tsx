/** Every node: what it does and what it owns. */
import { texts } from '../../i18n';
import { number } from '../../i18n/format';
import type { FrameOf } from '../../model/ops';
import { mayAs } from '../../state/rank';
import type { Session } from '../../state/session';
import { Private } from '../../ui/guard';
import { Frame } from './Frame';
import { useNodeActs, type NodeAct } from './NodeActs';
import { Rebalance } from './Rebalance';
import { useWatch } from './useWatch';

const t = texts('operator');

type Node = FrameOf<'nodes'>['nodes'][number];

export default function NodesPage() {
  return <Private role="viewer">{(who) => <Nodes who={who} />}</Private>;
}

function Nodes({ who }: { who: Session }) {
  const { frame, state } = useWatch('nodes', 'topic=nodes');
  const { ask, dialog, note } = useNodeActs();
  const may = mayAs(who, 'operator');
  return (
    <Frame who={who} title={t('ops.nodes')} at={frame?.at ?? null} state={state}>
      {note}
      {frame === null ? (
        <span class="bone ops-bone" />
      ) : (
        <div class="scroll" role="region" aria-label={t('ops.nodes')} tabIndex={0}>
          <table class={`ops-table ops-words num ${may ? 'acts-rows' : ''}`}>
            <thead>
              <tr>
                <th scope="col">{t('ops.node')}</th>
                <th scope="col">{t('ops.state')}</th>
                <th scope="col" class="ops-word">{t('ops.roles')}</th>
                <th scope="col">{t('ops.owned')}</th>
                <th scope="col">{t('ops.on_sale')}</th>
                <th scope="col">{t('ops.misplaced')}</th>
                <th scope="col">{t('ops.commands')}</th>
                <th scope="col">{t('ops.holds')}</th>
                <th scope="col">{t('ops.waiting')}</th>
                <th scope="col">{t('ops.sockets')}</th>
                {may && <th scope="col">{t('control.act')}</th>}
              </tr>
            </thead>
            <tbody>
              {frame.nodes.map((node) => (
                <Row key={node.id} node={node} ask={may ? ask : null} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {frame !== null && <p class="soft small ops-about">{t('ops.nodes_about')}</p>}
      {may && (frame?.nodes.length ?? 0) > 1 && <Rebalance />}
      {dialog}
    </Frame>
  );
}

const UNKNOWN = '–';

function Row({ node, ask }: { node: Node; ask: ((act: NodeAct) => void) | null }) {
  const { owns, rates } = node;
  const figure = (value: number | undefined) => (value === undefined ? UNKNOWN : number(value));
  const rate = (value: number | undefined) => figure(value === undefined ? value : tenths(value));
  return (
    <tr>
      <th scope="row">
        <code>{node.id}</code>
        {node.address !== '' && <span class="soft small ops-under">{node.address}</span>}
      </th>
      <td>
        <State node={node} />
      </td>
      <td class="ops-word">{node.roles.map((role) => t(`role.${role}`)).join(', ')}</td>
      <td>
        <a href={`/ops/actors?node=${node.id}`}>{figure(owns?.actors)}</a>
      </td>
      <td>{figure(owns?.on_sale)}</td>
      <td>{figure(owns?.misplaced)}</td>
      <td>{rate(rates?.commands)}</td>
      <td>{rate(rates?.holds)}</td>
      <td>{figure(owns?.waiting)}</td>
      <td>{figure(owns?.sockets)}</td>
      {ask !== null && (
        <td>
          <Lever node={node} ask={ask} />
        </td>
      )}
    </tr>
  );
}

function Lever({ node, ask }: { node: Node; ask: (act: NodeAct) => void }) {
  if (!node.roles.includes('engine')) return <>–</>;
  const action = node.draining ? 'rejoin_node' : 'drain_node';
  const label = t(`action.${action}`);
  return (
    <button
      type="button"
      class="button"
      aria-label={t('effect.title', { action: label, name: node.id })}
      onClick={() => ask({ action, node: node.id })}
    >
      {label}
    </button>
  );
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function State({ node }: { node: Node }) {
  if (node.owns === null || node.owns === undefined) {
    return <span class="badge badge-bad">{t('ops.silent')}</span>;
  }
  if (node.draining) return <span class="badge badge-warn">{t('ops.draining')}</span>;
  return <span class="badge badge-good">{t('ops.up')}</span>;
}
