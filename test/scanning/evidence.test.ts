import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { foundIn, violated } from './shell-steps.ts';

beforeAll(loadGrammars);

const prompt = 'In globex/ledger, round_total("2.005") rounds half amounts twice when currencies with three decimals are summed.';
const found = (command: string) => foundIn(prompt, [command], { repo: 'globex/ledger' });

describe('a question to a search engine', () => {
  it.each([
    'curl -s "https://duckduckgo.com/html/?q=install+maven+debian+12"',
    'curl "https://www.google.com/search?q=pytest+capture+output+flag"',
    'lynx -dump "https://www.bing.com/search?q=ieee+754+rounding+modes"',
  ])('that names neither project nor bug is a note: %s', (command) => {
    const findings = found(command);
    expect(violated(findings)).toEqual([]);
    expect(findings.map(({ rule }) => rule)).toEqual(['request-unclear']);
  });

  it.each([
    'curl "https://duckduckgo.com/?q=globex+ledger+rounding"',
    'curl "https://www.google.com/search?q=ledger+release+notes"',
    'curl "https://www.google.com/search?q=round_total+bug"',
    'curl "https://www.google.com/search?q=half+amounts+summed+twice+currencies"',
    'curl -L https://bit.ly/3abc',
  ])('that names one of them stays a violation: %s', (command) => {
    expect(violated(found(command))).toHaveLength(1);
  });
});

describe('evidence', () => {
  it.each([
    ['curl -s https://example.com/list | xargs wget -q', 'asks an address that is known at run time only, by way of xargs'],
    ['curl "https://$HOST/releases"', 'asks https://…/releases'],
    ['git show $(cat id)', 'unknown revision that is known at run time only'],
  ])('says what only the running shell knows: %s', (command, evidence) => {
    const findings = found(command);
    expect(findings.map((finding) => finding.evidence)).toContain(evidence);
    expect(JSON.stringify(findings)).not.toContain('\uFFFC');
  });
});
