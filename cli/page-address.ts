import { pageAddress } from '../web/server/live/page-address.ts';

/** Where a browser shows a campaign live; undefined while nobody serves the pages of this home. */
export function campaignPage(campaign: string): string | undefined {
  const pages = pageAddress();
  return pages === null ? undefined : `${pages.replace(/\/+$/, '')}/#/campaigns/${encodeURIComponent(campaign)}`;
}
