/** How the bench measures and prints: a rate, the time that it took, and how often that is the floor's time. */

export const MEGABYTE = 1_000_000;

export function printRate(
  name: string,
  amount: number,
  unit: string,
  milliseconds: number,
  floor?: number,
): void {
  const rate = (amount / milliseconds) * 1000;
  const ratio = floor === undefined ? '' : `   ${(milliseconds / floor).toFixed(2)} x floor`;
  process.stdout.write(
    `${name.padEnd(34)}${rate.toFixed(rate < 100 ? 1 : 0).padStart(8)} ${unit.padEnd(11)}` +
      `${(milliseconds / 1000).toFixed(2).padStart(8)} s${ratio}\n`,
  );
}

/** What the work gives and the milliseconds that it takes, on a collected heap. */
export async function timed<T>(work: () => Promise<T> | T): Promise<[T, number]> {
  globalThis.gc?.();
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
}
