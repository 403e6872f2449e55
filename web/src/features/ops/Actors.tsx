/** The table of actors itself. */
import { texts } from '../../i18n';
import { duration } from '../../i18n/dates';
import { number } from '../../i18n/format';
import { SORTS, type FrameOf, type Sort, type Table } from '../../model/ops';
import { actorAddress } from '../../model/past';
import { LEASE_MS_MAX, figureText, timeText, titleText } from './figures';
import { Line } from './Line';

const t = texts('operator');

type Row = FrameOf<'actors'>['rows'][number];

export function Actors(props: {
  rows: readonly Row[];
  table: Table;
  show: (change: Partial<Table>) => void;
}) {
  const { table, show } = props;
  return (
    <div class="scroll" role="region" aria-label={t('ops.actors')} tabIndex={0}>
      <table class="ops-table num">
        <thead>
          <tr>
            {SORTS.map((sort) => (
              <Head key={sort} sort={sort} table={table} show={show} />
            ))}
            <th scope="col">{t('ops.owner')}</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <Actor key={row.event} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head(props: { sort: Sort; table: Table; show: (change: Partial<Table>) => void }) {
  const { sort, table, show } = props;
  const chosen = table.sort === sort;
  const direction = table.descending ? 'descending' : 'ascending';
  const next = chosen ? !table.descending : sort !== 'title';
  return (
    <th scope="col" aria-sort={chosen ? direction : 'none'}>
      <button type="button" onClick={() => show({ sort, descending: next })}>
        {t(`column.${sort}`)}
        <span aria-hidden="true">{chosen ? (table.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

function Actor({ row }: { row: Row }) {
  const rate = row.rate ?? 0;
  const age = row.snapshot_age_s;
  return (
    <tr>
      <th scope="row">
        <a href={actorAddress(row.event)}>{titleText(row)}</a>
        <span class="ops-under">
          <span class={`badge ${row.status === 'open' ? 'badge-good' : 'badge-warn'}`}>
            {t(`status.${row.status}`)}
          </span>
        </span>
      </th>
      <td class="ops-rate">
        {figureText(row.rate)}
        <Line
          values={row.rates}
          label={t('ops.line', { name: t('column.rate'), now: rate, most: most(row.rates) })}
          width={60}
          height={16}
        />
      </td>
      <td>{number(row.depth)}</td>
      <td>{timeText(row.wait_us)}</td>
      <td>{timeText(row.turn_us)}</td>
      <td>{figureText(row.batch)}</td>
      <td>{timeText(row.append_us)}</td>
      <td>{figureText(row.rejections)}</td>
      <td>{number(row.refusals)}</td>
      <td>{number(row.take_overs)}</td>
      <td>{number(row.unsnapped)}</td>
      <td>{age === null || age === undefined ? t('ops.none') : duration(age)}</td>
      <td>{number(row.line)}</td>
      <td>{t('ops.of', { n: row.sold, all: row.free + row.held + row.sold })}</td>
      <td>
        <Owner row={row} />
      </td>
    </tr>
  );
}

function Owner({ row }: { row: Row }) {
  const lease = Math.round(row.lease_left_ms / 100) / 10;
  return (
    <>
      <a href={`/ops/actors?node=${row.node}`}>
        <code>{row.node}</code>
      </a>
      <span class="ops-under soft small">
        {t('ops.owned_for', { fence: row.fence, time: duration(row.owned_for_s) })}
        {row.lease_left_ms < LEASE_MS_MAX && ` · ${t('ops.lease', { n: lease })}`}
      </span>
    </>
  );
}

function most(values: readonly number[]): number {
  return Math.max(0, ...values);
}
