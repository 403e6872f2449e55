/** A dialog that the browser keeps the focus in and gives it back from. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import './dialog.css';

export function Dialog(props: {
  title: string;
  /** An alert interrupts, and cannot be waved away with Escape. */
  alert?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = box.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      role={props.alert === true ? 'alertdialog' : undefined}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        if (props.alert !== true) props.onClose();
      }}
      onClick={(event) => {
        // A click beside the box lands on the dialog itself.
        if (event.target === box.current && props.alert !== true) props.onClose();
      }}
    >
      <div class="stack">
        <h2 id={`${id}-title`}>{props.title}</h2>
        <div id={`${id}-text`} class="stack">
          {props.children}
        </div>
      </div>
    </dialog>
  );
}
