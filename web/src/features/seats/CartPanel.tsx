/** What is held: place by place, for how long, for how much, and on to the payment. */
import { texts } from '../../i18n';
import { money } from '../../i18n/dates';
import type { Problem } from '../../api/problem';
import type { EventView } from '../../state/event';
import { Countdown } from '../../ui/countdown';
import { CROSS, Icon } from '../../ui/icon';
import { Note, ProblemNote } from '../../ui/notes';
import { HoldClock } from '../checkout/HoldClock';
import { placeName } from '../checkout/Summary';
import { isBusy, type Cart, type Hold } from './cart';
import type { ChartView } from './chart';
import { typesOf } from './prices';
import { rowsOf, wantedAs, type Row } from './rows';
import type { CartAtWork } from './useCart';

const t = texts('seats');
const c = texts('sale');

interface Props {
  event: EventView;
  chart: ChartView;
  work: CartAtWork;
  busy: boolean;
  problem: Problem | null;
  /** Whether places can be added and given back. */
  canChange: boolean;
  onHold: (hold: Hold) => void;
  onEnd: () => void;
  onPay: () => void;
  /** Asks how many places of an area. */
  onArea: (block: number) => void;
}

export function CartPanel(props: Props) {
  const { event, work, canChange } = props;
  const { cart } = work;
  const { hold } = cart;
  const price = (amount: number) => money(amount, event.currency, event.currency_decimals);
  const fees = hold?.items.reduce((sum, item) => sum + item.fee_minor, 0) ?? 0;
  return (
    <section class="panel cart" aria-busy={isBusy(cart)}>
      <div class="row spread">
        <h2>{t('cart.title')}</h2>
        {hold !== null && (
          <span class="badge num">{t('cart.count', { n: hold.items.length })}</span>
        )}
      </div>
      {hold === null ? (
        <p class="soft">
          {isBusy(cart) ? t('cart.adding') : t('cart.empty')}
          {!isBusy(cart) && canChange && (
            <>
              <br />
              <span class="small">{t('cart.empty_hint')}</span>
            </>
          )}
        </p>
      ) : (
        <>
          <HoldClock
            key={hold.id}
            hold={hold}
            extensionS={event.rules.hold_extension_s}
            onChange={props.onHold}
            onEnd={props.onEnd}
          />
          <ul class="cart-items">
            {rowsOf(hold, props.chart).map((row) => (
              <CartRow key={row.key} {...props} row={row} />
            ))}
          </ul>
          <dl class="cart-sums num">
            {fees > 0 && (
              <div>
                <dt>{c('items.fees')}</dt>
                <dd>{price(fees)}</dd>
              </div>
            )}
            {hold.order_fee_minor > 0 && (
              <div>
                <dt>{c('items.order_fee')}</dt>
                <dd>{price(hold.order_fee_minor)}</dd>
              </div>
            )}
            <div class="cart-total">
              <dt>{c('items.total')}</dt>
              <dd>{price(hold.total_minor)}</dd>
            </div>
          </dl>
          {hold.ordered && <Note>{t('cart.ordered')}</Note>}
        </>
      )}
      <ProblemNote problem={props.problem} />
      {hold !== null && (
        <div class="cart-actions">
          <button
            type="button"
            class="button button-main button-wide"
            disabled={props.busy || isBusy(cart)}
            onClick={props.onPay}
          >
            {hold.ordered ? t('cart.resume') : t('cart.pay')}
          </button>
          {!hold.ordered && (
            <button type="button" class="button button-quiet" onClick={() => void work.release()}>
              {t('cart.release')}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function nameOf({ first, items }: Row): string {
  if (first.kind === 'whole_table')
    return `${first.section} · ${t('cart.table', { block: first.block })}`;
  return items.length > 1 ? `${placeName(first)} × ${items.length}` : placeName(first);
}

function CartRow({ row, event, work, canChange, onArea }: Props & { row: Row }) {
  const { first, items } = row;
  const name = nameOf(row);
  const places = items.map((item) => item.place);
  const types = typesOf(event, first.category);
  const category = event.categories.find((one) => one.key === first.category);
  const sum = items.reduce((all, item) => all + item.amount_minor, 0);
  return (
    <li>
      <div class="cart-place">
        <b>{name}</b>
        <span class="soft small">{category?.label ?? first.category}</span>
        {first.kind === 'area' && canChange && (
          <button type="button" class="button-text" onClick={() => onArea(row.block)}>
            {t('cart.change')}
          </button>
        )}
      </div>
      <span class="num cart-price">{money(sum, event.currency, event.currency_decimals)}</span>
      {canChange && types.length > 1 ? (
        <select
          class="cart-type"
          aria-label={t('cart.type_of', { place: name })}
          value={first.ticket_type}
          onChange={(changed) => {
            const wanted = wantedAs(row, changed.currentTarget.value);
            work.wish({ type: 'retype', wanted, places });
          }}
        >
          {types.map((type) => (
            <option key={type.key} value={type.key}>
              {type.label}
            </option>
          ))}
        </select>
      ) : (
        <span class="soft small cart-type">
          {event.ticket_types.find((type) => type.key === first.ticket_type)?.label}
        </span>
      )}
      {canChange && (
        <button
          type="button"
          class="icon-button cart-remove"
          aria-label={t('cart.remove', { place: name })}
          onClick={() => work.wish({ type: 'remove', places })}
        >
          <Icon path={CROSS} size={18} />
        </button>
      )}
    </li>
  );
}

/** On a phone: the sum and the way on, always in reach. */
export function CartBar(props: { event: EventView; cart: Cart; busy: boolean; onPay: () => void }) {
  const { event, cart } = props;
  const { hold } = cart;
  if (hold === null) return null;
  return (
    <div class="cart-bar">
      <div class="cart-bar-sum">
        <b class="num">{money(hold.total_minor, event.currency, event.currency_decimals)}</b>
        <Countdown
          label={t('cart.count', { n: hold.items.length })}
          untilMs={hold.expires_at_ms}
          cautious
          shortMs={60_000}
        />
      </div>
      <button
        type="button"
        class="button button-main"
        disabled={props.busy || isBusy(cart)}
        onClick={props.onPay}
      >
        {hold.ordered ? t('cart.resume') : t('cart.pay')}
      </button>
    </div>
  );
}
