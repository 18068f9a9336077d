const POLL_INTERVAL_MS = 2;

/**
 * Looks until `condition` holds.
 *
 * @param describe the state reached, for the message when the deadline passes
 */
export async function waitUntil(
  condition: () => boolean,
  describe: () => unknown,
  deadlineMs = 5_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end) {
      throw new Error(`not reached within ${deadlineMs} ms: ${JSON.stringify(describe())}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}
