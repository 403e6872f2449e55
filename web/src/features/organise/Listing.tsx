/** A table of what there is, which scrolls by itself; or a word that there is nothing. */
import type { ComponentChildren } from 'preact';
import { texts } from '../../i18n';
import { Note } from '../../ui/notes';

const t = texts('operator');

export function Listing<T>(props: {
  label: string;
  heads: readonly string[];
  /** What the last column is for, if something can be done about a row. */
  acts?: string;
  rows: readonly T[];
  /** What is said if there are none. */
  none: string;
  /** The row of one. */
  children: (one: T) => ComponentChildren;
}) {
  const { label, heads, acts, rows } = props;
  if (rows.length === 0) return <Note>{props.none}</Note>;
  return (
    <div class="scroll" role="region" aria-label={label} tabIndex={0}>
      <table class={`organise-table num ${acts === undefined ? '' : 'acts-rows'}`}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            {acts !== undefined && (
              <th scope="col">
                <span class="visually-hidden">{acts}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{rows.map(props.children)}</tbody>
      </table>
    </div>
  );
}

/** The last cell of a row that can be changed. */
export function Change({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <td>
      <button type="button" class="button" aria-label={label} onClick={onClick}>
        {t('people.change')}
      </button>
    </td>
  );
}
