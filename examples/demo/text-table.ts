/** Lines of a plain table: the first column to the left, the others (numbers, mostly) to the right. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => cell(row, column).length)),
  );
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => pad(cell(row, column), width, column))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)];
}

function cell(row: readonly string[], column: number): string {
  return row[column] ?? "";
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}
