/** Standard error of a share of `total` independent cases; 0 without cases. */
export function standardError(share: number, total: number): number {
  return total === 0 ? 0 : Math.sqrt((share * (1 - share)) / total);
}
