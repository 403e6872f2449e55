/**
 * The server's time on this page, and a second hand for whatever counts down.
 *
 * The offset comes from the live socket where there is one, else from asking `/api/v1/time`.
 */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, api } from '../api/client';
import { MONOTONIC, sampled, serverTime, UNKNOWN_CLOCK, type ClockState } from '../model/clock';

const clock = signal<ClockState>(UNKNOWN_CLOCK);

/** A moment of the server's clock, renewed every second while something counts. */
const second = signal(0);

/** The server's time now, in milliseconds since 1970. */
export function serverNow(): number {
  return serverTime(clock.peek(), MONOTONIC.now());
}

/** Takes the clock of a live connection, which is the better one. */
export function adoptClock(better: ClockState): void {
  if (better.errorMs <= clock.peek().errorMs) clock.value = better;
}

const SAMPLES = 3;
let asking: Promise<void> | null = null;

/** Asks the server for its time, once for all who need it. */
export function askTime(): Promise<void> {
  if (clock.peek().errorMs < Infinity) return Promise.resolve();
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

async function ask(): Promise<void> {
  for (let i = 0; i < SAMPLES; i += 1) {
    const sentMs = MONOTONIC.now();
    const asked = await answer(api.GET('/api/v1/time'));
    if (!asked.ok) return;
    const sample = { sentMs, serverMs: asked.value.now_ms, receivedMs: MONOTONIC.now() };
    clock.value = sampled(clock.peek(), sample);
  }
}

let counting = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  second.value = serverNow();
  // On the second of the server's clock, so that all countdowns turn together. A hidden tab may
  // be called a minute late; whatever counts is drawn from the time, not from the number of ticks.
  timer = setTimeout(tick, 1000 - (second.peek() % 1000));
}

function onShown(): void {
  if (document.visibilityState === 'visible') second.value = serverNow();
}

/** The server's time, to the second; a component that uses it is drawn anew every second. */
export function useServerNow(): number {
  useEffect(() => {
    void askTime();
    counting += 1;
    if (counting === 1) {
      tick();
      document.addEventListener('visibilitychange', onShown);
    }
    return () => {
      counting -= 1;
      if (counting > 0) return;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onShown);
    };
  }, []);
  const at = second.value;
  return counting === 0 ? serverNow() : at;
}
