/**
 * Ends the program when there is a problem.
 * @param {readonly string[]} problems each says what to do
 */
export function refuse(problems) {
  if (problems.length === 0) return;
  for (const problem of problems) console.error(`refused: ${problem}`);
  process.exit(1);
}
