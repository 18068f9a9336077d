/** How many times as much of time and memory as usual everything may take: sanitizers make programs slower and larger. */
export const PATIENCE = Number(process.env.METRICS_RUNTIME_TEST_PATIENCE ?? 1);
