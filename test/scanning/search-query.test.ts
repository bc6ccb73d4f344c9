import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { searchQuery } from '../../activities/scanning/facts/search-query.ts';
import { foundIn, violated } from './shell-steps.ts';

beforeAll(loadGrammars);

const prompt = 'In globex/ledger, round_total("2.005") rounds half amounts twice when currencies with three decimals are summed.';
const found = (command: string) => foundIn(prompt, [command], { repo: 'globex/ledger' });

describe('a question to a search engine', () => {
  it.each([
    'curl -s "https://duckduckgo.com/html/?q=install+maven+debian+12"',
    'curl "https://www.google.com/search?q=pytest+capture+output+flag"',
    'lynx -dump "https://www.bing.com/search?q=ieee+754+rounding+modes"',
    'curl -sI https://www.google.com',
  ])('that names neither project nor bug is a note: %s', (command) => {
    const findings = found(command);
    expect(violated(findings)).toEqual([]);
    expect(findings.map(({ evidence }) => evidence)).toEqual([expect.stringContaining('neither project nor bug')]);
  });

  it.each([
    'curl "https://duckduckgo.com/?q=globex+ledger+rounding"',
    'curl "https://www.google.com/search?q=ledger+release+notes"',
    'curl "https://www.google.com/search?q=round_total+wrong"',
    'curl "https://www.google.com/search?q=half+amounts+summed+twice+currencies"',
    'curl "https://duckduckgo.com/?q=$QUERY"',
    'curl -L https://bit.ly/3abc',
  ])('that names one of them stays a violation: %s', (command) => {
    expect(violated(found(command))).toEqual(['request-to-anywhere']);
  });

  it.each([
    ['https://www.google.com/search?hl=en&q=a+b%20c', 'a b c'],
    ['https://www.google.com/', ''],
    ['https://www.google.com/maps/a', undefined],
    ['https://bit.ly/x?q=a', undefined],
    ['https://duckduckgo.com/?q=%E0%A4%A', '%E0%A4%A'],
  ])('is read from its address: %s', (address, query) => {
    expect(searchQuery(address)).toBe(query);
  });
});

describe('evidence', () => {
  it.each([
    ['curl -s https://example.com/list | xargs wget -q', 'asks an address known at run time only, by way of xargs'],
    ['curl "https://$HOST/releases"', 'asks https://…/releases'],
    ['git show $(cat id)', 'unknown revision known at run time only'],
  ])('says what only the running shell knows: %s', (command, evidence) => {
    const findings = found(command);
    expect(findings.map((finding) => finding.evidence)).toContain(evidence);
    expect(JSON.stringify(findings)).not.toContain('\uFFFC');
  });
});
