/** The table of prices: a row for each category of the plan, a column for each ticket type. */
import type { Schemas } from '../../api/client';
import { texts } from '../../i18n';
import {
  EMPTY,
  cellKey,
  faultsAt,
  withType,
  type Cell,
  type Cells,
  type EventBody,
  type Fault,
} from '../../model/programme';
import { Swatch } from '../../ui/swatch';
import { TextInput } from './Input';
import { faultText, labelOf } from './labels';

const t = texts('operator');

type Category = Schemas['CategoryView'];
type TicketType = EventBody['ticket_types'][number];

interface Filled {
  categories: readonly Category[];
  types: readonly TicketType[];
  /** How many of the ticket types have to stay, the first ones: what is sold refers to them. */
  typesKept: number;
  cells: Cells;
  faults: readonly Fault[];
  onTypes: (types: TicketType[]) => void;
  onCells: (cells: Cells) => void;
}

export function Prices(props: Filled) {
  const { categories, types, cells, faults } = props;
  const put = (key: string, part: Partial<Cell>) => {
    props.onCells({ ...cells, [key]: { ...EMPTY, ...cells[key], ...part } });
  };
  return (
    <>
      <Types types={types} kept={props.typesKept} faults={faults} onTypes={props.onTypes} />
      {categories.length === 0 ? (
        <p class="soft">{t('organise.no_chart')}</p>
      ) : (
        <div class="scroll" role="region" aria-label={t('organise.prices')} tabIndex={0}>
          <table class="organise-table organise-prices">
            <thead>
              <tr>
                <th scope="col">{t('organise.category')}</th>
                {types.map((type) => (
                  <th key={type.key} scope="col">
                    {type.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {categories.map((category) => (
                <tr key={category.key}>
                  <th scope="row">
                    <span class="organise-category">
                      <Swatch color={category.color} /> {category.label}
                    </span>
                  </th>
                  {types.map((type) => {
                    const key = cellKey(category.key, type.key);
                    const name = `${category.label}, ${type.label}`;
                    return (
                      <td key={type.key}>
                        <Amounts name={name} cell={cells[key] ?? EMPTY} put={(to) => put(key, to)} />
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ul class="small organise-faults">
        {faultsAt(faults, 'prices').map((fault) => (
          <li key={`${fault.path} ${fault.code}`}>
            {t('organise.fault', { field: cellOf(fault, props), what: faultText(fault) })}
          </li>
        ))}
      </ul>
      <p class="small soft">{t('organise.prices_hint')}</p>
    </>
  );
}

/** Which cell a fault is about: prices are sent by category and ticket type, without empty cells. */
function cellOf(fault: Fault, props: Pick<Filled, 'categories' | 'types' | 'cells'>): string {
  const [, index] = /^prices\[(\d+)\]/.exec(fault.path) ?? [];
  const filled = props.categories.flatMap((category) =>
    props.types
      .filter((type) => (props.cells[cellKey(category.key, type.key)] ?? EMPTY).amount.trim() !== '')
      .map((type) => `${category.label}, ${type.label}`),
  );
  return (index === undefined ? undefined : filled[Number(index)]) ?? labelOf(fault.path);
}

function Amounts(props: { name: string; cell: Cell; put: (part: Partial<Cell>) => void }) {
  const { name, cell, put } = props;
  return (
    <span class="organise-cell">
      <input
        type="text"
        inputMode="decimal"
        autocomplete="off"
        aria-label={t('organise.price_of', { name })}
        placeholder={t('organise.price')}
        value={cell.amount}
        onInput={(event) => put({ amount: event.currentTarget.value })}
      />
      <input
        type="text"
        inputMode="decimal"
        autocomplete="off"
        aria-label={t('organise.fee_of', { name })}
        placeholder={t('organise.fee')}
        value={cell.fee}
        onInput={(event) => put({ fee: event.currentTarget.value })}
      />
    </span>
  );
}

function Types(props: {
  types: readonly TicketType[];
  /** How many have to stay. */
  kept: number;
  faults: readonly Fault[];
  onTypes: (types: TicketType[]) => void;
}) {
  const { types, onTypes } = props;
  return (
    <div class="stack-s">
      <div class="organise-grid">
        {types.map((type, at) => (
          <div key={type.key} class="organise-type">
            <TextInput
              label={t('organise.ticket_type', { n: at + 1 })}
              value={type.label}
              faults={at === 0 ? faultsAt(props.faults, 'ticket_types') : []}
              fixed={at < props.kept}
              onValue={(label) => onTypes(types.map((one) => (one === type ? { ...one, label } : one)))}
            />
            {at >= props.kept && types.length > 1 && (
              <button
                type="button"
                class="button button-quiet"
                aria-label={t('organise.without_type', { name: type.label })}
                onClick={() => onTypes(types.filter((one) => one !== type))}
              >
                {t('organise.without')}
              </button>
            )}
          </div>
        ))}
      </div>
      <p>
        <button
          type="button"
          class="button"
          disabled={types.length >= 16}
          onClick={() => onTypes(withType(types, ''))}
        >
          {t('organise.with_type')}
        </button>
      </p>
    </div>
  );
}
