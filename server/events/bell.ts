/** Tells other processes over the same database that there are new events, and hears it from them. */
export interface Bell {
  /** Called after a commit; many calls that come close together may become one. */
  ring(): void;
  /** Calls `hear` whenever another process has rung, or may have while this one could not hear. */
  onRing(hear: () => void): void;
}

/** The bell of a process that is alone with its database. */
export const silentBell: Bell = { ring: () => {}, onRing: () => {} };
