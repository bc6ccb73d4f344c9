import { isAlive, readBackground } from '../../../platform/background-process.ts';

/** Name of the record of the pages' server in `run/`. */
export const pagesProcess = 'pages';

/** The port where pages are served unless another is asked for. */
export const usualPort = 9233;

/** Where the pages of this home are served now; null where nobody serves them. A server with a token needs that, too. */
export function pageAddress(): string | null {
  const record = readBackground(pagesProcess);
  const url = record?.details['url'];
  return record !== undefined && isAlive(record) && typeof url === 'string' ? url : null;
}
