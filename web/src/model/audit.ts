/** Which entries of the audit log a page shows; its address says it. */

export interface AuditFilter {
  /** The id of an event. */
  readonly event: string;
  /** The e-mail address or the id of an account. */
  readonly by: string;
  readonly action: string;
  /** Only entries before this one. */
  readonly before: string;
}

/** What is shown where nothing is said. */
export const ALL: AuditFilter = { event: '', by: '', action: '', before: '' };

/** A filter as its address says it; what is not lawful is as if it were not there. */
export function auditFilterOf(query: Readonly<Record<string, string | undefined>>): AuditFilter {
  const lawful = (name: string, pattern: RegExp) => {
    const value = query[name]?.trim() ?? '';
    return pattern.test(value) ? value : '';
  };
  return {
    event: lawful('event', /^evt_[0-9a-z]{13}$/),
    by: lawful('by', /^(acc_[0-9a-z]{13}|\S+@\S+)$/),
    action: lawful('action', /^[a-z_]{1,40}$/),
    before: lawful('before', /^[1-9][0-9]{0,14}$/),
  };
}

/** What the server is asked for. */
export interface AuditQuery {
  readonly event?: string;
  readonly by?: string;
  readonly action?: string;
  readonly before?: number;
}

/** The same as a query, without what needs no saying. */
export function auditQuery({ event, by, action, before }: AuditFilter): AuditQuery {
  return {
    ...(event === '' ? {} : { event }),
    ...(by === '' ? {} : { by }),
    ...(action === '' ? {} : { action }),
    ...(before === '' ? {} : { before: Number(before) }),
  };
}

/** The same as text. */
export function auditText(filter: AuditFilter): string {
  const parts = Object.entries(auditQuery(filter)).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(parts).toString();
}

/** The address of a page with these entries. */
export function auditAddress(filter: AuditFilter): string {
  const text = auditText(filter);
  return text === '' ? '/ops/audit' : `/ops/audit?${text}`;
}
