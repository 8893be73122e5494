/**
 * The operating system's reason for a failed call, in its own words and without the path, which the problem
 * names already.
 */
import { getSystemErrorMap } from 'node:util';

export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('errno' in error && typeof error.errno === 'number') {
    const words = getSystemErrorMap().get(error.errno);
    if (words !== undefined) return words[1];
  }
  return error.message;
}
