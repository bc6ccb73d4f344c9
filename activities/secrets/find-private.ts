import { PrivateKind } from '../../schemas/private-text.ts';
import { findEmails } from './emails.ts';
import { findHighEntropy } from './high-entropy.ts';
import type { Hit, OnLeftOut } from './hit.ts';
import { findHomeFolders } from './home-folders.ts';
import { maintainedFormats } from './maintained-formats.ts';
import { ownFormats } from './own-formats.ts';
import { isPlaceholder } from './placeholders.ts';

/** Goes up whenever the same text may have other hits. */
export const privateTextVersion = 1;

/** Where kinds overlap, the first of them counts: an address inside of a password is a part of it. */
const order = PrivateKind.options;

/** All hits of a text by their places, none inside of another; of any kind, since one may hide another. */
export function findPrivate(text: string, onLeftOut: OnLeftOut = () => undefined): Hit[] {
  const flat = withoutEscapes(text);
  const hits = [
    ...findSecrets(flat, onLeftOut),
    ...findHighEntropy(flat, onLeftOut),
    ...findEmails(flat, onLeftOut),
    ...findHomeFolders(text, onLeftOut),
  ];
  return hits.length < 2 ? hits : withoutOverlaps(hits);
}

function findSecrets(text: string, onLeftOut: OnLeftOut): Hit[] {
  return [...maintainedFormats, ...ownFormats].flatMap(({ name, find }) =>
    find(text).flatMap(([start, end]): Hit[] => {
      if (name !== 'privatekey' && isPlaceholder(text.slice(start, end))) {
        onLeftOut('placeholder');
        return [];
      }
      return [{ kind: 'secrets', what: name, start, end }];
    }),
  );
}

/**
 * The same text, of the same length, with blanks for the escapes of strings in strings: in a printed JSON the token after `\n` would
 * else look as if it had an `n` before it.
 */
function withoutEscapes(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\[nrt]/g, '  ').replaceAll('\\"', ' "') : text;
}

function withoutOverlaps(hits: Hit[]): Hit[] {
  const chosen: Hit[] = [];
  const byWeight = hits.toSorted(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  const taken = new Set<number>();
  for (const hit of byWeight) {
    // Hits are short and few; a private key is the longest.
    let free = true;
    for (let at = hit.start; at < hit.end && free; at += 1) free = !taken.has(at);
    if (!free) continue;
    for (let at = hit.start; at < hit.end; at += 1) taken.add(at);
    chosen.push(hit);
  }
  return chosen.toSorted((a, b) => a.start - b.start);
}
