import { describe, expect, it } from 'vitest';
import { bareText, builtText, leftOutUnasked, requireAsked } from '../../cli/release-facts.ts';
import { ReleaseManifest } from '../../schemas/release.ts';
import { cardFacts, decision, entry } from '../dataset/card-facts.ts';

const manifestOf = (change: Partial<ReleaseManifest> = {}) =>
  ReleaseManifest.parse({ ...cardFacts([entry()]), card: { path: 'README.md', sha256: '0'.repeat(64), size_bytes: 1 }, ...change });
const redaction = { version: 1, kinds: ['emails' as const], rows: 3, places: { emails: 7 }, patches: 1, ledger_entries: 2 };

describe('what is said of a release that was built', () => {
  it('names what was left out for its licence and what was replaced', () => {
    const text = builtText('/r', manifestOf({ refused_licences: [{ licence: 'no licence stated', rows: 5 }], redaction }));
    expect(text).toContain('5 rows left out for their licence (no licence stated 5)');
    expect(text).toContain('replaced in 3 rows: emails 7; 2 ledger entries; 1 patches changed by it');
  });

  it('names rows whose finds nothing replaces, and those that were let in without a licence', () => {
    const found = (name: string) => entry({ decisions: [{ ...decision('personal_data', 'note'), reason: name }] });
    const rows = [found('a'), found('b'), entry({ license: '' }), entry({ license: 'Our Own' })];
    const { figures } = cardFacts(rows);
    expect(builtText('/r', manifestOf({ figures }))).toContain(
      'published as they are: personal_data in 2 rows; to replace them: --redact emails,home_folders',
    );
    expect(builtText('/r', manifestOf({ figures }))).toContain(
      '2 rows have no known licence and were let in by --licences any (no licence stated 1, ',
    );
    const some = builtText('/r', manifestOf({ figures, redaction, redacted_before: ['home_folders'] }));
    expect(some).not.toContain('published as they are');
    expect(builtText('/r', manifestOf({ figures, redaction }))).toContain('--redact home_folders');
  });

  it('makes of rows left out for their licence a failure, unless somebody said which licences may enter', () => {
    const refused = manifestOf({ refused_licences: [{ licence: 'no licence stated', rows: 5 }] });
    expect([leftOutUnasked(refused, undefined), leftOutUnasked(refused, 'known'), leftOutUnasked(manifestOf(), undefined)]).toEqual([
      true,
      false,
      false,
    ]);
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

  it.each([
    ['form', { ...input, form: 'messages' as const }],
    ['modes', { ...input, query: { campaigns: ['c'], modes: ['think' as const] } }],
    ['campaigns', { ...input, query: { campaigns: ['c', 'd'] } }],
  ])('is refused when its %s are others than those asked for', (what, asked) => {
    expect(() => requireAsked(asked, manifestOf({ query: { campaigns: ['c'] } }))).toThrow(`asked for other ${what}`);
  });

  it('is taken when it was asked for the same', () => {
    expect(() => requireAsked(input, manifestOf())).not.toThrow();
    expect(() => requireAsked({ ...input, redact: ['emails'] }, manifestOf({ redaction }))).not.toThrow();
    const asked = { ...input, query: { licences: 'known' as const, campaigns: ['d', 'c', 'd'] }, form: 'trajectory' as const };
    expect(() => requireAsked(asked, manifestOf({ query: { campaigns: ['c', 'd'] } }))).not.toThrow();
  });
});

describe('a release that takes the place of another', () => {
  it('says what it shows that the other had replaced', () => {
    expect(bareText(manifestOf({ redaction }), manifestOf())).toContain('add --redact emails');
    expect(bareText(manifestOf({ redaction: { ...redaction, kinds: ['emails', 'secrets'] } }), manifestOf({ redaction }))).toContain(
      'had replaced secrets;',
    );
  });

  it('says nothing where it replaces as much, or where there was none', () => {
    expect(bareText(manifestOf({ redaction }), manifestOf({ redaction }))).toBeUndefined();
    expect(bareText(undefined, manifestOf())).toBeUndefined();
    expect(bareText(manifestOf(), manifestOf({ redaction }))).toBeUndefined();
  });
});
