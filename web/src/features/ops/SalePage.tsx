/** One sale: how it stands, once a second, and what can be done about it. */
import type { ComponentChildren } from 'preact';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { duration, money, timeOfDay } from '../../i18n/dates';
import { number, shortDateTime } from '../../i18n/format';
import { auditAddress, ALL } from '../../model/audit';
import { useLoad } from '../../state/load';
import { mayAs } from '../../state/rank';
import type { Session } from '../../state/session';
import { Failed } from '../../ui/failed';
import { Private } from '../../ui/guard';
import { Note } from '../../ui/notes';
import { Acts, rateText, useActs, type Act, type Books } from './Acts';
import { Figure } from './Figure';
import { Frame } from './Frame';
import { useWatch } from './useWatch';

const t = texts('operator');

export default function SalePage({ event }: { event: string }) {
  return <Private role="viewer">{(who) => <Sale who={who} event={event} />}</Private>;
}

function Sale({ who, event }: { who: Session; event: string }) {
  const { now, reload } = useLoad(event, () =>
    answer(api.GET('/api/v1/events/{event}', { params: { path: { event } } })),
  );
  const { frame, state } = useWatch('sale', `topic=sale&event=${encodeURIComponent(event)}`);
  const title = now.type === 'ready' ? now.value.title : t('control.title');
  const books = frame?.sale ?? null;
  return (
    <Frame who={who} title={title} at={frame?.at ?? null} state={state}>
      {now.type === 'failed' ? (
        <Failed problem={now.problem} onRetry={() => void reload()} />
      ) : books !== null ? (
        <Shown who={who} event={event} title={title} books={books} />
      ) : frame === null ? (
        <span class="bone ops-bone" />
      ) : (
        <Note tone="warn">
          <p>{t('control.silent')}</p>
        </Note>
      )}
    </Frame>
  );
}

function Shown(props: { who: Session; event: string; title: string; books: Books }) {
  const { who, event, title, books } = props;
  const { ask, dialog, note } = useActs({ event, title, books });
  const may = mayAs(who, 'operator');
  const { overview } = books;
  return (
    <div class="acts-page">
      <div class="stack-s">
        <div class="row">
          <span class={`badge ${overview.status === 'open' ? 'badge-good' : 'badge-warn'}`}>
            {t(`status.${overview.status}`)}
          </span>
          <span class="soft small num">
            {t('control.window', {
              from: shortDateTime(books.opens_at),
              to: shortDateTime(books.closes_at),
            })}{' '}
            · {t('operator.journal', { seq: overview.seq, fence: overview.fence })}
          </span>
        </div>
        <p class="row small">
          <a href={`/events/${event}`}>{t('control.event')}</a>
          <a href={`/ops/actors/${event}`}>{t('control.actor')}</a>
          {may && <a href={auditAddress({ ...ALL, event })}>{t('control.log')}</a>}
        </p>
      </div>
      {note}
      <Figures books={books} />
      {may && <Acts books={books} ask={ask} />}
      <div class="acts-tables">
        <Ages books={books} />
        <Orders books={books} />
        <Payments books={books} />
      </div>
      <Holds books={books} ask={may ? ask : null} />
      <Unpaid books={books} ask={may ? ask : null} />
      <Unsettled books={books} />
      {dialog}
    </div>
  );
}

function amount(minor: number, books: Books): string {
  return money(minor, books.currency, books.currency_decimals);
}

function Figures({ books }: { books: Books }) {
  const { overview, payments } = books;
  const sum = (state: Schemas['PaymentStateView']) =>
    payments.find((one) => one.state === state)?.amount_minor ?? 0;
  const owed = sum('refund_due');
  const figures: readonly [string, string, boolean?][] = [
    [t('ops.sold'), number(overview.sold)],
    [t('ops.held'), number(overview.held)],
    [t('ops.free'), number(overview.free)],
    [t('control.blocked'), number(books.blocked)],
    [t('ops.inside'), t('ops.of', { n: overview.inside, all: overview.admitted_max })],
    [t('ops.waiting'), number(overview.waiting)],
    [t('control.rate'), rateText(books.admission_rate)],
    [t('control.captured'), amount(sum('captured'), books)],
    [t('control.owed'), amount(owed, books), owed > 0],
    [t('control.refunded'), amount(sum('refunded'), books)],
  ];
  return (
    <dl class="ops-figures acts-figures num">
      {figures.map(([label, value, bad]) => (
        <Figure key={label} label={label} bad={bad === true}>
          {value}
        </Figure>
      ))}
    </dl>
  );
}

/** A table under a heading; nothing but the heading and a word if it has no rows. */
function Table(props: {
  id: string;
  title: string;
  heads: readonly string[];
  empty: boolean;
  kind: 'sums' | 'rows';
  children: ComponentChildren;
}) {
  const { id, title, heads, empty } = props;
  return (
    <section class="stack-s" aria-labelledby={id}>
      <h2 id={id} class="acts-head">
        {title}
      </h2>
      {empty ? (
        <p class="soft">{t('control.none')}</p>
      ) : (
        <div class="scroll" role="region" aria-labelledby={id} tabIndex={0}>
          <table class={`ops-table num ${props.kind === 'rows' ? 'ops-words acts-rows' : 'acts-sums'}`}>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{props.children}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Ages({ books }: { books: Books }) {
  const { ages } = books;
  const label = (index: number) => {
    const from = duration(ages[index - 1]?.under_s ?? 0);
    const to = ages[index]?.under_s ?? null;
    if (to === null) return t('control.over', { from });
    return index === 0
      ? t('control.under', { to: duration(to) })
      : t('control.between', { from, to: duration(to) });
  };
  const heads = [t('control.age'), t('control.holds'), t('control.places')];
  return (
    <Table
      id="ages"
      kind="sums"
      title={t('control.ages')}
      heads={heads}
      empty={ages.length === 0}
    >
      {ages.map((group, index) => (
        <tr key={group.under_s ?? 0}>
          <th scope="row">{label(index)}</th>
          <td>{number(group.holds)}</td>
          <td>{number(group.places)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Orders({ books }: { books: Books }) {
  const heads = [t('control.state'), t('control.count'), t('control.amount')];
  const { orders } = books;
  return (
    <Table
      id="orders"
      kind="sums"
      title={t('control.orders')}
      heads={heads}
      empty={orders.length === 0}
    >
      {orders.map((sum) => (
        <tr key={sum.state}>
          <th scope="row">{t(`order_state.${sum.state}`)}</th>
          <td>{number(sum.count)}</td>
          <td>{amount(sum.amount_minor, books)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Payments({ books }: { books: Books }) {
  const heads = [t('control.state'), t('control.count'), t('control.amount')];
  const { payments } = books;
  return (
    <Table
      id="payments"
      kind="sums"
      title={t('control.payments')}
      heads={heads}
      empty={payments.length === 0}
    >
      {payments.map((sum) => (
        <tr key={sum.state}>
          <th scope="row">{t(`payment_state.${sum.state}`)}</th>
          <td>{number(sum.count)}</td>
          <td>{amount(sum.amount_minor, books)}</td>
        </tr>
      ))}
    </Table>
  );
}

type Ask = ((act: Act) => void) | null;

function Holds({ books, ask }: { books: Books; ask: Ask }) {
  const heads = [
    t('control.hold'),
    t('control.fan'),
    t('control.places'),
    t('control.since'),
    t('control.until'),
    t('control.act'),
  ];
  const { holds } = books;
  return (
    <Table
      id="holds"
      kind="rows"
      title={t('control.oldest')}
      heads={heads}
      empty={holds.length === 0}
    >
      {holds.map((hold) => (
        <tr key={hold.id}>
          <th scope="row">
            <code>{hold.id}</code>
          </th>
          <td>
            <code>{hold.fan}</code>
          </td>
          <td>{number(hold.places)}</td>
          <td>{timeOfDay(hold.placed_at)}</td>
          <td>{timeOfDay(hold.expires_at)}</td>
          <td>
            {hold.ordered ? (
              <span class="badge">{t('control.ordered')}</span>
            ) : (
              <RowAct ask={ask} act={{ action: 'release_hold', target: hold.id }} />
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Unpaid({ books, ask }: { books: Books; ask: Ask }) {
  const heads = [
    t('control.order'),
    t('control.fan'),
    t('control.places'),
    t('control.amount'),
    t('control.since'),
    t('control.act'),
  ];
  const { unpaid } = books;
  return (
    <Table
      id="unpaid"
      kind="rows"
      title={t('control.unpaid')}
      heads={heads}
      empty={unpaid.length === 0}
    >
      {unpaid.map((order) => (
        <tr key={order.id}>
          <th scope="row">
            <code>{order.id}</code>
          </th>
          <td>
            <code>{order.fan}</code>
          </td>
          <td>{number(order.places)}</td>
          <td>{amount(order.total_minor, books)}</td>
          <td>{timeOfDay(order.placed_at)}</td>
          <td>
            <RowAct ask={ask} act={{ action: 'cancel_order', target: order.id }} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function RowAct({ ask, act }: { ask: Ask; act: Act }) {
  if (ask === null) return <>–</>;
  const label = t(`action.${act.action}`);
  return (
    <button
      type="button"
      class="button"
      aria-label={t('effect.title', { action: label, name: act.target ?? '' })}
      onClick={() => ask(act)}
    >
      {label}
    </button>
  );
}

function Unsettled({ books }: { books: Books }) {
  const heads = [
    t('control.payment'),
    t('control.order'),
    t('control.amount'),
    t('control.since'),
    t('control.state'),
  ];
  const { unsettled } = books;
  return (
    <Table
      id="unsettled"
      kind="rows"
      title={t('control.unsettled')}
      heads={heads}
      empty={unsettled.length === 0}
    >
      {unsettled.map((payment) => (
        <tr key={payment.id}>
          <th scope="row">
            <code>{payment.id}</code>
          </th>
          <td>
            <code>{payment.order}</code>
          </td>
          <td>{amount(payment.amount_minor, books)}</td>
          <td>{timeOfDay(payment.since)}</td>
          <td>
            <span class="badge badge-warn">{t(`payment_state.${payment.state}`)}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}
