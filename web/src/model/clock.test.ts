import { describe, expect, it } from 'vitest';
import { UNKNOWN_CLOCK, doubted, hinted, sampled, serverTime } from './clock';
import { seeded } from './testing';

const HOUR = 3_600_000;

describe('the clock', () => {
  it('is within the error that it claims, whatever the way costs', () => {
    const random = seeded(7);
    for (let round = 0; round < 500; round += 1) {
      const offset = (random() - 0.5) * HOUR;
      let clock = UNKNOWN_CLOCK;
      let now = 1_800_000_000_000;
      for (let ping = 0; ping < 5; ping += 1) {
        const there = random() * 300;
        const back = random() * 300;
        const sample = {
          sentMs: now,
          serverMs: now + there + offset,
          receivedMs: now + there + back,
        };
        clock = sampled(clock, sample);
        now += there + back;
      }
      expect(Math.abs(clock.offsetMs - offset)).toBeLessThanOrEqual(clock.errorMs + 1e-3);
    }
  });

  it('believes the ping with the shortest way', () => {
    let clock = sampled(UNKNOWN_CLOCK, { sentMs: 0, serverMs: 1_300, receivedMs: 400 });
    expect(clock).toMatchObject({ offsetMs: 1_100, errorMs: 200 });
    clock = sampled(clock, { sentMs: 500, serverMs: 1_510, receivedMs: 520 });
    expect(clock).toMatchObject({ offsetMs: 1_000, errorMs: 10 });
    clock = sampled(clock, { sentMs: 600, serverMs: 1_900, receivedMs: 1_000 });
    expect(clock).toMatchObject({ offsetMs: 1_000, errorMs: 10 });
    expect(serverTime(clock, 50)).toBe(1_050);
  });

  it('lets old samples go, as quartz drifts', () => {
    const quick = sampled(UNKNOWN_CLOCK, { sentMs: 0, serverMs: 5, receivedMs: 10 });
    const later = sampled(quick, { sentMs: HOUR, serverMs: HOUR + 300, receivedMs: HOUR + 100 });
    expect(later.offsetMs).toBe(250);
  });

  it('believes the next sample alone after a sleep', () => {
    const awake = sampled(UNKNOWN_CLOCK, { sentMs: 0, serverMs: 5, receivedMs: 10 });
    const asleep = doubted(awake);
    expect(asleep.offsetMs).toBe(awake.offsetMs);
    const slow = sampled(asleep, { sentMs: 20, serverMs: 90_000, receivedMs: 220 });
    expect(slow.offsetMs).toBe(89_880);
  });

  it('takes a hint only while it knows nothing better', () => {
    const hint = hinted(UNKNOWN_CLOCK, 1_000, 400);
    expect(hint.offsetMs).toBe(600);
    const known = sampled(hint, { sentMs: 0, serverMs: 5, receivedMs: 10 });
    expect(hinted(known, 9_999, 0)).toBe(known);
  });

  it('refuses a sample that was answered before it was sent', () => {
    expect(sampled(UNKNOWN_CLOCK, { sentMs: 9, serverMs: 0, receivedMs: 8 })).toBe(UNKNOWN_CLOCK);
  });
});
