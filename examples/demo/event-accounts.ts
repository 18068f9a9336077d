import { textTable } from "./text-table.js";

/** The part of `recorder.getStats()` that says where every event went. */
export interface EventAccount {
  readonly offered: number;
  readonly accepted: number;
  readonly dropped: number;
  readonly dispatched: number;
  readonly pending: number;
  readonly invalid: number;
}

export type EventAccounts = Readonly<Record<string, EventAccount>>;

/** True at every moment: no event is lost without being counted. */
export function isBalanced({ offered, accepted, dropped }: EventAccount): boolean {
  return offered === accepted + dropped;
}

/** True once the recorder is stopped: every accepted event has reached the metrics, and none was refused. */
export function isSettled(account: EventAccount): boolean {
  const { accepted, dispatched, pending, invalid } = account;
  return isBalanced(account) && dispatched === accepted && pending === 0 && invalid === 0;
}

export function accountTable(accounts: EventAccounts): string[] {
  return textTable(
    ["recorder", "offered", "accepted", "dropped", "dispatched", "pending", "invalid", ""],
    Object.entries(accounts).map(([recorderId, account]) => [
      recorderId,
      ...[account.offered, account.accepted, account.dropped].map(String),
      ...[account.dispatched, account.pending, account.invalid].map(String),
      isSettled(account) ? "settled" : "NOT SETTLED",
    ]),
  );
}
