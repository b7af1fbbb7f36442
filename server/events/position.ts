/**
 * A place in the order of the outbox: everything up to it has been read. Transactions come first, for a later one may
 * be committed before an earlier; within one, rows count up.
 */
export interface Position {
  txid: number;
  seq: number;
}

export const isAfter = (one: Position, other: Position) =>
  one.txid > other.txid || (one.txid === other.txid && one.seq > other.seq);

/** Where everything of transactions before `txid` was read. */
export const before = (txid: number): Position => ({ txid, seq: 0 });

/** A position as the id of a message. */
export const writePosition = ({ txid, seq }: Position) => `${txid}-${seq}`;

/** The position that an id names, or nothing where it is no id of ours. */
export function readPosition(id: string): Position | undefined {
  const [, txid, seq] = /^(\d{1,15})-(\d{1,15})$/.exec(id) ?? [];
  return txid === undefined ? undefined : { txid: Number(txid), seq: Number(seq) };
}
