/** Every actor, sorted, filtered and paged by the server; the address says what is shown. */
import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { texts } from '../../i18n';
import { PAGE_ROWS, addressOf, questionOf, tableOf, type FrameOf, type Table } from '../../model/ops';
import type { Session } from '../../state/session';
import { useGo } from '../../ui/go';
import { Private } from '../../ui/guard';
import { Note } from '../../ui/notes';
import { Actors } from './Actors';
import { Frame } from './Frame';
import { useWatch } from './useWatch';

const t = texts('operator');

/** How long somebody who types has to pause before the server is asked. */
const TYPED_MS = 300;

export default function ActorsPage() {
  return <Private role="viewer">{(who) => <Shown who={who} />}</Private>;
}

function Shown({ who }: { who: Session }) {
  const table = tableOf(useRoute().query);
  const go = useGo();
  const { frame, state } = useWatch('actors', questionOf(table));
  const show = (change: Partial<Table>) => {
    go(addressOf({ ...table, page: 0, ...change }), 'replace');
  };
  return (
    <Frame who={who} title={t('ops.actors')} at={frame?.at ?? null} state={state}>
      <Filter table={table} show={show} />
      {frame === null ? (
        <span class="bone ops-bone" />
      ) : (
        <>
          {!frame.complete && (
            <Note tone="warn">
              <p>{t('ops.incomplete')}</p>
            </Note>
          )}
          <Actors rows={frame.rows} table={table} show={show} />
          <Pages frame={frame} table={table} show={show} />
        </>
      )}
    </Frame>
  );
}

interface Part {
  table: Table;
  show: (change: Partial<Table>) => void;
}

function Filter({ table, show }: Part) {
  const [typed, setTyped] = useState(table.text);
  useEffect(() => {
    if (typed.trim() === table.text) return;
    const timer = setTimeout(() => show({ text: typed.trim() }), TYPED_MS);
    return () => clearTimeout(timer);
  });
  return (
    <form class="row ops-filter" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        <span class="small soft">{t('ops.text')}</span>
        <input
          type="search"
          name="text"
          value={typed}
          maxLength={60}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <label>
        <span class="small soft">{t('ops.status')}</span>
        <select
          name="status"
          value={table.status}
          onChange={(event) => show({ status: event.currentTarget.value })}
        >
          <option value="">{t('ops.any')}</option>
          {(['open', 'paused', 'closed'] as const).map((status) => (
            <option key={status} value={status}>
              {t(`status.${status}`)}
            </option>
          ))}
        </select>
      </label>
      {table.node !== '' && (
        <button type="button" class="button" onClick={() => show({ node: '' })}>
          {t('ops.all_nodes', { node: table.node })}
        </button>
      )}
    </form>
  );
}

function Pages({ frame, table, show }: Part & { frame: FrameOf<'actors'> }) {
  const { matching, offset, rows } = frame;
  const from = rows.length === 0 ? 0 : offset + 1;
  return (
    <div class="row spread ops-pages">
      <p class="num" role="status">
        {t('ops.rows', { from, to: offset + rows.length, all: matching })}
      </p>
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={table.page === 0}
          onClick={() => show({ page: table.page - 1 })}
        >
          {t('ops.before')}
        </button>
        <button
          type="button"
          class="button"
          disabled={(table.page + 1) * PAGE_ROWS >= matching}
          onClick={() => show({ page: table.page + 1 })}
        >
          {t('ops.after')}
        </button>
      </div>
    </div>
  );
}
