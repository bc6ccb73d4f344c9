import { isMailDomain, isReservedDomain } from './domains.ts';
import type { Hit, OnLeftOut } from './hit.ts';

/** Addresses that belong to programs or to everybody. */
const services =
  /^(?:git|hg|svn|ssh|root|nobody|postmaster|mailer-daemon|daemon|www-data|no-?reply|do-?not-?reply|bounces?|notifications?|support|info|admin|security|hello|contact|team|help|sales|agent|openhands|bot|.*\[bot\]|.*-bot)$/i;

const longestLocal = 64;
const longestDomain = 253;

/** E-mail addresses. Those of example domains and of services are left out. Looks only around each `@`, so that length costs nothing. */
export function findEmails(text: string, onLeftOut: OnLeftOut): Hit[] {
  const hits: Hit[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const local = /[A-Za-z0-9][A-Za-z0-9._%+[\]-]*$/.exec(text.slice(Math.max(0, at - longestLocal), at))?.[0] ?? '';
    if (local === '') continue;
    const domain = domainAt(text, at + 1);
    // What follows a domain at once is a part of a longer name, a call or an index.
    if (/[\w(@[]/.test(text[at + 1 + domain.length] ?? '') || !(isReservedDomain(domain) || isMailDomain(domain))) continue;
    if (isReservedDomain(domain)) onLeftOut('reserved domain');
    else if (services.test(local)) onLeftOut('service account');
    else hits.push({ kind: 'emails', what: 'e-mail address', start: at - local.length, end: at + 1 + domain.length });
  }
  return hits;
}

function domainAt(text: string, from: number): string {
  return /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/.exec(text.slice(from, from + longestDomain))?.[0] ?? '';
}
