/** The latest frame of a page, while somebody looks and has not frozen it. */
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { watch, type WatchState } from '../../api/watch';
import { readFrame, type FrameOf, type OpsFrame } from '../../model/ops';
import { lostSession } from '../../state/session';

/** Whether what is shown stays as it is. */
export const frozen = signal(false);

export interface Watched<T extends OpsFrame['type']> {
  /** The last one that came, also when it was about another page of the same table. */
  readonly frame: FrameOf<T> | null;
  readonly state: WatchState;
}

export function useWatch<T extends OpsFrame['type']>(
  type: T,
  question: string,
  onFrame?: (frame: FrameOf<T>) => void,
): Watched<T> {
  const [frame, setFrame] = useState<FrameOf<T> | null>(null);
  const [state, setState] = useState<WatchState>('connecting');
  const visible = useVisible();
  const shown = visible && !frozen.value;
  useEffect(() => {
    if (!shown) return;
    return watch(`/api/v1/ops/live?${question}`, {
      onText: (text) => {
        const read = readFrame(text, type);
        if (read === null) return;
        setFrame(read);
        onFrame?.(read);
      },
      onState: setState,
      onRefused: (problem) => void lostSession(problem),
    });
  }, [type, question, shown, onFrame]);
  return { frame, state };
}

/** Nobody is sent what nobody sees. */
function useVisible(): boolean {
  const [visible, setVisible] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return visible;
}
