/**
 * Trading the refresh token, once at a time in all tabs.
 *
 * The server ends a session whose token is traded twice, since that is what a thief does. So tabs
 * take turns under a lock, and one that finds that another has just traded does not trade again. A
 * tab may see late what another has noted; then it trades the new token, which harms nobody.
 */
/** What refreshing needs from outside. */
export interface RefreshWorld {
  /** Trades; whether there is a session afterwards. Throws if nobody can say. */
  trade: () => Promise<boolean>;
  /** Runs one at a time in all tabs. */
  exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  /** When any tab traded last, in milliseconds since 1970; 0 if never. */
  tradedAt: () => number;
  setTradedAt: (at: number) => void;
  now: () => number;
}

export function createRefresh(world: RefreshWorld) {
  let underWay: Promise<boolean> | null = null;
  /** `since` is when what was refused was sent: a token that was traded later is newer than that. */
  return function refresh(since: number): Promise<boolean> {
    underWay ??= world
      .exclusive(async () => {
        if (world.tradedAt() >= since) return true;
        const alive = await world.trade();
        if (alive) world.setTradedAt(world.now());
        return alive;
      })
      .finally(() => (underWay = null));
    return underWay;
  };
}
