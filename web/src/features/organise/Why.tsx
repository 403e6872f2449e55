/** What is asked in a dialog, why it is done, and the buttons that do it or not. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { texts } from '../../i18n';
import { TextInput } from './Input';

const t = texts('operator');

/** The shortest reason that the server takes. */
const REASON_CHARS_MIN = 3;

type Do = (reason: string) => Promise<void>;

export function Why(props: {
  /** What the button says that does it. */
  yes: string;
  bad?: boolean;
  /** False as long as it cannot be done. */
  ready?: boolean;
  onYes: Do;
  /** Takes away what it is about. */
  onRemove?: Do | null;
  onClose: () => void;
  children?: ComponentChildren;
}) {
  const { onRemove = null } = props;
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const idle = !busy && reason.trim().length >= REASON_CHARS_MIN;
  const ready = idle && props.ready !== false;
  const run = async (what: Do) => {
    setBusy(true);
    await what(reason);
    setBusy(false);
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void run(props.onYes);
      }}
    >
      {props.children}
      <TextInput
        label={t('effect.reason')}
        hint={t('effect.reason_hint')}
        value={reason}
        onValue={setReason}
      />
      <div class="actions">
        <button
          type="submit"
          class={`button ${props.bad === true ? 'button-bad' : 'button-main'}`}
          disabled={!ready}
        >
          {props.yes}
        </button>
        {onRemove !== null && (
          <button
            type="button"
            class="button button-bad"
            disabled={!idle}
            onClick={() => void run(onRemove)}
          >
            {t('organise.without')}
          </button>
        )}
        <button type="button" class="button" onClick={props.onClose}>
          {t('app.cancel')}
        </button>
      </div>
    </form>
  );
}
