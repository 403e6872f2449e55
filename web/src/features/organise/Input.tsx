/** A labelled control of a form, with everything that is wrong with it. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { fromLocal, toLocal, type Fault } from '../../model/programme';
import { faultText } from './labels';

interface Common {
  readonly label: string;
  readonly faults?: readonly Fault[];
  readonly hint?: string;
  readonly fixed?: boolean;
}

/** What a control is to know of what is around it. */
interface Around {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

function Labelled(props: Common & { children: (around: Around) => ComponentChildren }) {
  const id = useId();
  const faults = props.faults ?? [];
  const about = [
    ...(props.hint === undefined ? [] : [`${id}-hint`]),
    ...(faults.length === 0 ? [] : [`${id}-faults`]),
  ].join(' ');
  return (
    <div class="organise-field">
      <label for={id}>{props.label}</label>
      {props.children({
        id,
        'aria-invalid': faults.length > 0,
        'aria-describedby': about === '' ? undefined : about,
      })}
      {props.hint !== undefined && (
        <p id={`${id}-hint`} class="small soft">
          {props.hint}
        </p>
      )}
      {faults.length > 0 && (
        <ul id={`${id}-faults`} class="small organise-faults">
          {faults.map((fault) => (
            <li key={`${fault.path} ${fault.code}`}>{faultText(fault)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function TextInput(
  props: Common & {
    value: string;
    onValue: (value: string) => void;
    numeric?: boolean;
    /** What is offered while it is typed. */
    list?: readonly string[];
  },
) {
  return (
    <Labelled {...props}>
      {(around) => (
        <>
          <input
            {...around}
            type="text"
            inputMode={props.numeric === true ? 'decimal' : undefined}
            autocomplete="off"
            list={props.list === undefined ? undefined : `${around.id}-list`}
            disabled={props.fixed}
            value={props.value}
            onInput={(event) => props.onValue(event.currentTarget.value)}
          />
          {props.list !== undefined && (
            <datalist id={`${around.id}-list`}>
              {props.list.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Labelled>
  );
}

export function LongInput(props: Common & { value: string; onValue: (value: string) => void }) {
  return (
    <Labelled {...props}>
      {(around) => (
        <textarea
          {...around}
          rows={3}
          disabled={props.fixed}
          value={props.value}
          onInput={(event) => props.onValue(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

export function CountInput(props: Common & { value: number; onValue: (value: number) => void }) {
  return (
    <Labelled {...props}>
      {(around) => (
        <input
          {...around}
          type="number"
          min={0}
          max={1_000_000_000}
          step={1}
          autocomplete="off"
          value={props.value}
          onInput={({ currentTarget: { value } }) => {
            props.onValue(Math.min(1_000_000_000, Math.max(0, Math.trunc(Number(value)))));
          }}
        />
      )}
    </Labelled>
  );
}

/** A moment, in the time of whoever fills it in. */
export function TimeInput(props: Common & { value: string; onValue: (value: string) => void }) {
  return (
    <Labelled {...props}>
      {(around) => (
        <input
          {...around}
          type="datetime-local"
          disabled={props.fixed}
          value={toLocal(props.value)}
          onInput={(event) => props.onValue(fromLocal(event.currentTarget.value))}
        />
      )}
    </Labelled>
  );
}

export function Choice(
  props: Common & {
    value: string;
    onValue: (value: string) => void;
    options: readonly (readonly [value: string, label: string])[];
  },
) {
  return (
    <Labelled {...props}>
      {(around) => (
        <select
          {...around}
          disabled={props.fixed}
          value={props.value}
          onChange={(event) => props.onValue(event.currentTarget.value)}
        >
          {props.options.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
