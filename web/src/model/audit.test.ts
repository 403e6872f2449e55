import { describe, expect, test } from 'vitest';
import { ALL, auditAddress, auditFilterOf } from './audit';

describe('a filter of the audit log', () => {
  test('is what its address says, and the other way round', () => {
    const addresses = [
      '/ops/audit',
      '/ops/audit?event=evt_01h2xcejqtf2n&by=op%40example.com&action=pause&before=120',
      '/ops/audit?by=acc_01h2xcejqtf2n',
    ];
    for (const address of addresses) {
      const query = Object.fromEntries(new URL(address, 'http://x').searchParams);
      expect(auditAddress(auditFilterOf(query))).toBe(address);
    }
  });

  test('ignores what is not lawful', () => {
    const odd = { event: 'hld_1', by: 'somebody', action: 'Pause!', before: '-3' };
    expect(auditFilterOf(odd)).toEqual(ALL);
    expect(auditFilterOf({ by: '  op@example.com ' }).by).toBe('op@example.com');
  });
});
