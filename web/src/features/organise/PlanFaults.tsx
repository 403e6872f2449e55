/** Everything that is wrong with a plan, each with its place in the file. */
import type { Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { number } from '../../i18n/format';
import { lineOf } from '../../model/locate';
import { Note } from '../../ui/notes';

const t = texts('operator');

type Fault = Schemas['FaultView'];

/** Faults that a page shows; whoever mends these sees the others next time. */
const SHOWN_MAX = 200;
/** Characters that are read to find lines, before the page only tells paths. */
const SEARCHED_MAX = 40_000_000;
/** Of a line that is shown. */
const EXCERPT_MAX = 100;

const CODES = [
  'not_json',
  'unknown_format',
  'missing',
  'wrong_type',
  'out_of_range',
  'duplicate',
  'unknown_category',
  'outside_row',
  'same_spot',
  'no_places',
  'unsupported',
] as const;

function kindOf(code: string): string {
  const known = CODES.find((one) => one === code);
  return known === undefined ? code : t(`plan_fault.${known}`);
}

export function PlanFaults(props: { text: string; faults: readonly Fault[]; total: number }) {
  const shown = props.faults.slice(0, SHOWN_MAX);
  const located = Math.floor(SEARCHED_MAX / Math.max(1, props.text.length));
  const lines = props.text.split('\n');
  return (
    <section class="stack" aria-label={t('organise.faults')}>
      <Note tone="bad" live="alert">
        <p>{t('organise.faulty', { n: props.total })}</p>
      </Note>
      <div class="scroll" role="region" aria-label={t('organise.faults')} tabIndex={0}>
        <table class="organise-table organise-plan-faults">
          <thead>
            <tr>
              <th scope="col">{t('organise.line')}</th>
              <th scope="col">{t('organise.where')}</th>
              <th scope="col">{t('organise.what')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((fault, at) => (
              <Row
                key={`${fault.path} ${fault.code} ${at}`}
                fault={fault}
                line={at < located ? lineOfFault(props.text, fault) : null}
                lines={lines}
              />
            ))}
          </tbody>
        </table>
      </div>
      {props.total > shown.length && (
        <p class="small soft">{t('organise.more_faults', { n: props.total - shown.length })}</p>
      )}
    </section>
  );
}

/** Of a file that is no JSON the reader says where it stopped. */
function lineOfFault(text: string, fault: Fault): number | null {
  if (fault.code !== 'not_json') return lineOf(text, fault.path);
  const [, line] = /line (\d+)/.exec(fault.message) ?? [];
  if (line !== undefined) return Number(line);
  const [, position] = /position (\d+)/.exec(fault.message) ?? [];
  return position === undefined ? null : text.slice(0, Number(position)).split('\n').length;
}

function Row(props: { fault: Fault; line: number | null; lines: readonly string[] }) {
  const { fault, line } = props;
  const excerpt = line === null ? '' : (props.lines[line - 1] ?? '').trim();
  return (
    <tr>
      <td class="num">{line === null ? '–' : number(line)}</td>
      <td>
        <code>{fault.path}</code>
        {excerpt !== '' && excerpt.length <= EXCERPT_MAX && (
          <code class="small soft organise-excerpt">{excerpt}</code>
        )}
      </td>
      <td>
        <b>{kindOf(fault.code)}</b>
        <span class="small soft organise-excerpt" lang="en">
          {fault.message}
        </span>
      </td>
    </tr>
  );
}
