/** A figure with its name, in a list of them. */
import type { ComponentChildren } from 'preact';

export function Figure(props: { label: string; bad?: boolean; children: ComponentChildren }) {
  return (
    <div data-bad={props.bad === true}>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
