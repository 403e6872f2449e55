/** Every node: what it does and what it owns. */
import { texts } from '../../i18n';
import { number } from '../../i18n/format';
import type { FrameOf } from '../../model/ops';
import type { Session } from '../../state/session';
import { Private } from '../../ui/guard';
import { Frame } from './Frame';
import { useWatch } from './useWatch';

const t = texts('operator');

type Node = FrameOf<'nodes'>['nodes'][number];

export default function NodesPage() {
  return <Private role="viewer">{(who) => <Nodes who={who} />}</Private>;
}

function Nodes({ who }: { who: Session }) {
  const { frame, state } = useWatch('nodes', 'topic=nodes');
  return (
    <Frame who={who} title={t('ops.nodes')} at={frame?.at ?? null} state={state}>
      {frame === null ? (
        <span class="bone ops-bone" />
      ) : (
        <div class="ops-scroll" role="region" aria-label={t('ops.nodes')} tabIndex={0}>
          <table class="ops-table num">
            <thead>
              <tr>
                <th scope="col">{t('ops.node')}</th>
                <th scope="col">{t('ops.state')}</th>
                <th scope="col">{t('ops.roles')}</th>
                <th scope="col">{t('ops.owned')}</th>
                <th scope="col">{t('ops.on_sale')}</th>
                <th scope="col">{t('ops.misplaced')}</th>
                <th scope="col">{t('ops.commands')}</th>
                <th scope="col">{t('ops.holds')}</th>
                <th scope="col">{t('ops.waiting')}</th>
                <th scope="col">{t('ops.sockets')}</th>
              </tr>
            </thead>
            <tbody>
              {frame.nodes.map((node) => (
                <Row key={node.id} node={node} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="soft small ops-about">{t('ops.nodes_about')}</p>
    </Frame>
  );
}

const UNKNOWN = '–';

function Row({ node }: { node: Node }) {
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
      <td>{node.roles.map((role) => t(`role.${role}`)).join(', ')}</td>
      <td>
        <a href={`/ops/actors?node=${node.id}`}>{figure(owns?.actors)}</a>
      </td>
      <td>{figure(owns?.on_sale)}</td>
      <td>{figure(owns?.misplaced)}</td>
      <td>{rate(rates?.commands)}</td>
      <td>{rate(rates?.holds)}</td>
      <td>{figure(owns?.waiting)}</td>
      <td>{figure(owns?.sockets)}</td>
    </tr>
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
