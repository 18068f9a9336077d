/** What a target demands: one line that names what broke, which ends the run. */
export class OracleError extends Error {
  /** @param {string} what */
  constructor(what) {
    super(what);
    this.stack = `oracle: ${what}`;
  }
}

/** @param {boolean} holds @param {string} what */
export function demand(holds, what) {
  if (!holds) throw new OracleError(what);
}
