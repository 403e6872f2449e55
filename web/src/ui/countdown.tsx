/**
 * Time that is left, by the server's clock.
 *
 * The digits are for the eye. A screen reader is told at a few moments only: a clock that speaks
 * every second drowns everything else.
 */
import { useEffect, useRef } from 'preact/hooks';
import { clock } from '../i18n/format';
import { useServerNow } from '../state/time';
import { announce } from './page';
import './countdown.css';

/** Seconds left at which the time is said aloud. */
const SPOKEN_S = [300, 120, 60, 45, 30, 15];

/** The moment to speak that lies between two looks at the clock, if any. */
export function spokenBetween(beforeMs: number, nowMs: number): number | null {
  return SPOKEN_S.find((s) => beforeMs > s * 1000 && nowMs <= s * 1000) ?? null;
}

export function Countdown(props: {
  label: string;
  untilMs: number;
  big?: boolean;
  /** Says moments aloud. */
  spoken?: boolean;
  /** Below this the time is marked as short. */
  shortMs?: number;
  /** Shows no second that has begun: better a second too little than a seat too late. */
  cautious?: boolean;
  onEnd?: () => void;
}) {
  const { label, untilMs, spoken, onEnd } = props;
  const leftMs = untilMs - useServerNow();
  const before = useRef(leftMs);
  useEffect(() => {
    const moment = spokenBetween(before.current, leftMs);
    if (spoken === true && moment !== null) announce(`${label} ${clock(leftMs)}`);
    if (before.current > 0 && leftMs <= 0) onEnd?.();
    before.current = leftMs;
  }, [leftMs, label, spoken, onEnd]);
  const short = leftMs <= (props.shortMs ?? 0);
  return (
    <div
      class={`countdown ${props.big === true ? 'countdown-big' : ''}`}
      data-short={short}
      role="timer"
      aria-live="off"
    >
      <span class="countdown-label">{label}</span>
      <time class="num">{clock(props.cautious === true ? leftMs - 999 : leftMs)}</time>
    </div>
  );
}
