/** A line of the last seconds, for the eye; what it is of stands beside it in figures. */
import { line } from '../../model/ops';

export function Line(props: {
  values: readonly number[];
  /** Absent if the words beside it say the same. */
  label?: string;
  width: number;
  height: number;
}) {
  const { values, label, width, height } = props;
  return (
    <svg
      class="ops-line"
      viewBox={`-1 -2 ${width + 2} ${height + 4}`}
      {...(label === undefined
        ? { 'aria-hidden': true }
        : { role: 'img' as const, 'aria-label': label })}
      preserveAspectRatio="none"
    >
      <polyline points={line(values, width, height)} />
    </svg>
  );
}
