/** Where a browser shows a campaign live; undefined while no web server of this home runs. */
export function pageAddress(_campaign: string): string | undefined {
  return undefined;
}
