/** How the program speaks of its own defects: with everything that a report of it needs. */
export function defectText(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `internal error, please report it:\n${text}`;
}
