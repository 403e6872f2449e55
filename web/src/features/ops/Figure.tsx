/** A figure with its name, in a list of them. */
import type { ComponentChildren } from 'preact';

/** Characters that fit beside each other in large type. */
const LARGE_CHARS_MAX = 8;

export function Figure(props: { label: string; bad?: boolean; children: ComponentChildren }) {
  const { children } = props;
  const long = typeof children === 'string' && children.length > LARGE_CHARS_MAX;
  return (
    <div data-bad={props.bad === true}>
      <dt>{props.label}</dt>
      <dd data-long={long}>{children}</dd>
    </div>
  );
}
