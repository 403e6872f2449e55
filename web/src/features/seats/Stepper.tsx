/** A small number between bounds, with two buttons and a field. */
import { useId } from 'preact/hooks';
import { texts } from '../../i18n';
import { Icon } from '../../ui/icon';
import { MINUS, PLUS } from '../../ui/signs';

const t = texts('seats');

export function Stepper(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const id = useId();
  const { label, value, min, max, onChange } = props;
  const put = (next: number) => onChange(Math.min(max, Math.max(min, next)));
  return (
    <div class="stepper">
      <label for={id}>{label}</label>
      <div class="stepper-box">
        <button
          type="button"
          class="icon-button"
          aria-label={`${label}: ${t('best.fewer')}`}
          disabled={value <= min}
          onClick={() => put(value - 1)}
        >
          <Icon path={MINUS} />
        </button>
        <input
          id={id}
          class="num"
          type="number"
          min={min}
          max={max}
          value={value}
          onChange={(event) => put(Math.floor(Number(event.currentTarget.value)) || min)}
        />
        <button
          type="button"
          class="icon-button"
          aria-label={`${label}: ${t('best.more')}`}
          disabled={value >= max}
          onClick={() => put(value + 1)}
        >
          <Icon path={PLUS} />
        </button>
      </div>
    </div>
  );
}
