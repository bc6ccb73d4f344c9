import { describe, expect, it } from 'vitest';
import { builtText, requireAsked } from '../../cli/release-facts.ts';
import { ReleaseManifest } from '../../schemas/release.ts';
import { cardFacts, entry } from '../dataset/card-facts.ts';

const manifestOf = (change: Partial<ReleaseManifest> = {}) =>
  ReleaseManifest.parse({ ...cardFacts([entry()]), card: { path: 'README.md', sha256: '0'.repeat(64), size_bytes: 1 }, ...change });
const redaction = { version: 1, kinds: ['emails' as const], rows: 3, places: { emails: 7 }, patches: 1, ledger_entries: 2 };

describe('what is said of a release that was built', () => {
  it('names what was left out for its licence and what was replaced', () => {
    const text = builtText('/r', manifestOf({ refused_licences: [{ licence: 'no licence stated', rows: 5 }], redaction }));
    expect(text).toContain('5 rows left out for their licence (no licence stated 5)');
    expect(text).toContain('replaced in 3 rows: emails 7; 2 ledger entries; 1 patches changed by it');
  });

  it('says nothing of either where there is none', () => {
    expect(builtText('/r', manifestOf()).split('\n')).toHaveLength(3);
  });
});

describe('a build that was joined', () => {
  const input = { campaign: 'c', version: 'v1' };

  it('is refused when it replaced other kinds or let in other licences', () => {
    expect(() => requireAsked({ ...input, redact: ['emails'] }, manifestOf())).toThrow(
      expect.objectContaining({ code: 'release_differs' }),
    );
    expect(() => requireAsked({ ...input, query: { campaigns: ['c'], licences: ['MIT'] } }, manifestOf())).toThrow(/other licences/);
  });

  it('is taken when it was asked for the same', () => {
    expect(() => requireAsked(input, manifestOf())).not.toThrow();
    expect(() => requireAsked({ ...input, redact: ['emails'] }, manifestOf({ redaction }))).not.toThrow();
  });
});
