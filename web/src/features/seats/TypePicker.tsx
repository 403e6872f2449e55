/** As what the next seats are bought. One type needs no question. */
import { texts } from '../../i18n';
import type { EventView } from '../../state/event';

const t = texts('seats');

export function TypePicker(props: {
  event: EventView;
  value: string;
  onChange: (key: string) => void;
}) {
  const { event, value, onChange } = props;
  if (event.ticket_types.length < 2) return null;
  return (
    <fieldset class="panel choice">
      <legend>{t('type.legend')}</legend>
      <div class="segments">
        {event.ticket_types.map((type) => (
          <label key={type.key} class="segment">
            <input
              type="radio"
              name="ticket-type"
              value={type.key}
              checked={type.key === value}
              onChange={() => onChange(type.key)}
            />
            <span>{type.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
