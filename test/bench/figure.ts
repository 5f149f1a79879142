/** One figure of a benchmark. */

/** Prints one figure as the benchmarks do; with a `limit` how much of it the figure takes (above 1: missed). */
export function figure(
  name: string,
  value: number,
  unit: string,
  { better = 'lower', limit }: { readonly better?: 'lower' | 'higher'; readonly limit?: number } = {},
): void {
  const rounded = (number: number) => Number(number.toFixed(3));
  const ratio = limit === undefined ? undefined : better === 'lower' ? value / limit : limit / value;
  const beside = ratio === undefined ? {} : { limit, ofLimit: rounded(ratio) };
  process.stdout.write(`${JSON.stringify({ name, value: rounded(value), unit, better, ...beside })}\n`);
}
