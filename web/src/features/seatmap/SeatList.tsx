/**
 * The map as a list: sections, their rows, the seats of the one row that is open. Real buttons, so
 * that it works with whatever one has; only what is open is in the page.
 */
import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { describe, inWords, isPickable, lookOf, type Knowledge } from './describe';
import { seatLabel } from './layout';
import { placeOf, targetOfSeat, type PickTarget } from './target';

interface SeatListProps {
  readonly known: Knowledge;
  readonly version: ReadonlySignal<number>;
  readonly selectable: boolean;
  readonly onPick: (target: PickTarget) => void;
}

/** Counts ten times a second are read by nobody. */
const REFRESH_MS = 1_000;

export function SeatList({ known, version, selectable, onPick }: SeatListProps): JSX.Element {
  const section = useSignal(-1);
  const row = useSignal(-1);
  const [, redraw] = useState(0);
  useEffect(() => throttle(version, REFRESH_MS, () => redraw((count) => count + 1)), [version]);
  const { layout, tally, strings } = known;
  const pick = (target: PickTarget): void => {
    if (selectable && isPickable(known, target)) onPick(target);
  };
  return (
    <ul class="seatmap-list" aria-label={strings.list}>
      {layout.sections.map(({ label }, index) => (
        <li key={index}>
          <Opener at={index} open={section} onOpen={() => (row.value = -1)}>
            <span>{strings.section(label)}</span>
            <span class="seatmap-count">{strings.free(tally.freeInSection[index] ?? 0)}</span>
          </Opener>
          {section.value === index && (
            <Blocks known={known} section={index} row={row} onPick={pick} />
          )}
        </li>
      ))}
    </ul>
  );
}

interface BlocksProps {
  readonly known: Knowledge;
  readonly section: number;
  readonly row: Signal<number>;
  readonly onPick: (target: PickTarget) => void;
}

/** Rows and tables that open, and what is sold as a whole. */
function Blocks({ known, section, row, onPick }: BlocksProps): JSX.Element {
  const { layout, tally, strings } = known;
  const blocks = layout.chart.blocks.map((block, index) => ({ block, index }));
  return (
    <ul class="seatmap-rows">
      {blocks
        .filter(({ block }) => block.section === section)
        .map(({ block, index }) => {
          if (block.kind === 'area' || block.kind === 'whole_table') {
            const type = block.kind === 'area' ? 'area' : 'table';
            return (
              <li key={index}>
                <Choice known={known} target={{ type, block: index }} onPick={onPick} />
              </li>
            );
          }
          const { label } = block;
          return (
            <li key={index}>
              <Opener at={index} open={row}>
                <span>{block.kind === 'row' ? strings.row(label) : strings.tableName(label)}</span>
                <span class="seatmap-count">{strings.free(tally.freeInBlock[index] ?? 0)}</span>
              </Opener>
              {row.value === index && (
                <ul class="seatmap-seats">
                  {Array.from({ length: block.count }, (_, at) => (
                    <li key={at}>
                      <Choice
                        known={known}
                        target={targetOfSeat(layout, block.first + at)}
                        onPick={onPick}
                      />
                    </li>
                  ))}
                </ul>
              )}
            </li>
          );
        })}
    </ul>
  );
}

interface ChoiceProps {
  readonly known: Knowledge;
  readonly target: PickTarget;
  readonly onPick: (target: PickTarget) => void;
}

/** A place, a table or an area, to be taken or given back. */
function Choice({ known, target, onPick }: ChoiceProps): JSX.Element {
  const { layout } = known;
  const place = placeOf(layout, target);
  const look = lookOf(known, place);
  const words = inWords(describe(known, target));
  const isSeat = target.type === 'seat';
  return (
    <button
      type="button"
      class={`seatmap-choice seatmap-is-${look}`}
      aria-label={isSeat ? words : undefined}
      aria-pressed={look === 'mine'}
      aria-disabled={!isPickable(known, target)}
      onClick={() => onPick(target)}
    >
      {isSeat ? seatLabel(layout, place) : words}
    </button>
  );
}

interface OpenerProps {
  readonly at: number;
  readonly open: Signal<number>;
  readonly children: JSX.Element[];
  readonly onOpen?: () => void;
}

function Opener({ at, open, children, onOpen }: OpenerProps): JSX.Element {
  const isOpen = open.value === at;
  return (
    <button
      type="button"
      class="seatmap-opener"
      aria-expanded={isOpen}
      onClick={() => {
        open.value = isOpen ? -1 : at;
        onOpen?.();
      }}
    >
      {children}
    </button>
  );
}

/** Calls a while after a change, for all changes until then; the answer ends it. */
function throttle(source: ReadonlySignal<number>, ms: number, call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const seen = source.peek();
  const end = source.subscribe((value) => {
    if (value === seen || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      call();
    }, ms);
  });
  return () => {
    end();
    if (timer !== null) clearTimeout(timer);
  };
}
