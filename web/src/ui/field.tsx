/** A labelled input that says what is wrong with it. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import './field.css';

export function Field(props: {
  label: string;
  name: string;
  type: 'text' | 'email' | 'password' | 'number';
  value: string;
  onValue: (value: string) => void;
  autocomplete?: 'email' | 'username' | 'name' | 'new-password' | 'current-password' | 'off';
  hint?: string;
  error?: string | null;
  /** A button that belongs to it. */
  children?: ComponentChildren;
}) {
  const id = useId();
  const { label, hint, error } = props;
  const wrong = error !== undefined && error !== null;
  const about = [hint === undefined ? '' : `${id}-hint`, wrong ? `${id}-error` : '']
    .join(' ')
    .trim();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box">
        <input
          id={id}
          name={props.name}
          // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- tsc wants one member of a union of inputs, whose attributes used here are the same
          type={props.type as 'text'}
          autocomplete={props.autocomplete ?? 'off'}
          required
          value={props.value}
          onInput={(event) => props.onValue(event.currentTarget.value)}
          aria-invalid={wrong}
          aria-describedby={about === '' ? undefined : about}
        />
        {props.children}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} class="small soft">
          {hint}
        </p>
      )}
      {wrong && (
        <p id={`${id}-error`} class="small field-error">
          {error}
        </p>
      )}
    </div>
  );
}
