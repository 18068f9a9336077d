/** What a scraper reads of the service, as plain text. */
export async function scrape(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { accept: "text/plain" } });
  if (response.status !== 200) throw new Error(`/metrics answers ${response.status}`);
  return await response.text();
}

/** The sum of the samples of that name; NaN when there is none. */
export function sampleSum(text: string, name: string): number {
  const values = text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(" ") + 1)));
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0);
}
