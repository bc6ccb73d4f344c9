import { describe, expect, it } from 'vitest';
import { classifierOf, usualClassifier } from '../../../activities/scanning/memory/classifier.ts';
import { featuresOf, tableSize, withKnown } from '../../../activities/scanning/memory/features.ts';
import { ownNames } from '../../../activities/scanning/memory/own-names.ts';
import { SentenceScores } from '../../../activities/scanning/memory/sentence-scores.ts';
import { kinds, Tokenizer } from '../../../activities/scanning/memory/tokens.ts';
import { examplesOf } from './examples.ts';
import { trained } from './logistic-regression.ts';
import { ownStatements } from './own-statements.ts';

const tokenizer = new Tokenizer(ownNames('acme/widgets', 'acme__widgets-12'));
const kindsOf = (sentence: string) => tokenizer.tokens(sentence).map(({ kind }) => kind);

describe('tokens', () => {
  it.each([
    ['widgets', 'own'],
    ["acme's", 'own'],
    ['v3.2.1', 'version'],
    ['4.x', 'version'],
    ['#734', 'ticket'],
    ['ABC-1234', 'ticket'],
    ['4be91d07', 'hash'],
    ['2021', 'year'],
    ['17', 'number'],
    ['numpy', 'other'],
    ['`a.b(c)`', 'code'],
    ['parse_unit', 'identifier'],
    ['parseUnit()', 'identifier'],
    ['checks', 'word'],
    ['Xenaphor', 'name'],
    ['xq77', 'identifier'],
    ['qwzlfx', 'handle'],
    ['später', 'foreign'],
    ['…', 'mark'],
  ] as const)('%s is of the kind %s', (text, kind) => {
    expect(kindsOf(text)).toEqual([kinds[kind]]);
  });

  it('tell amounts from versions', () => {
    const { version, number } = kinds;
    const points = (sentence: string) => kindsOf(sentence).filter((kind) => kind === version || kind === number);
    expect(points('It takes 2.5 s, not 4.1 MB, and 2.5 is out.')).toEqual([number, number, version]);
    expect(points('± 2.9 or 6831.25 or 0.05')).toEqual([number, number, number]);
  });

  it('take the names of a project from its repository and its instances', () => {
    expect([...ownNames('pallets/flask-login')]).toEqual(expect.arrayContaining(['pallets', 'flask-login', 'flasklogin', 'login']));
    expect([...ownNames('acme__widgets-12')]).toEqual(['acme', 'widgets']);
    expect([...ownNames(undefined)]).toEqual([]);
  });
});

describe('the classifier', () => {
  const score = (sentence: string) =>
    usualClassifier().score(featuresOf(tokenizer.tokens(sentence), { where: 'reasoning', before: [], after: [] }));

  it('gives the same scores on every machine', () => {
    expect([
      score('The maintainers fixed this in widgets 2.4.1.'),
      score('The loop ends one step early, so the last unit is lost.'),
      score('dtolnay took the other road later on.'),
      score('この問題は本家の 2.5 で修正されました。'),
    ]).toEqual([0.9073, 0.0375, 0.6958, 0.89]);
  });

  it('learns the same from the same passages', () => {
    const some = examplesOf(ownStatements().slice(0, 60));
    const [one, two] = [trained(some), trained(some)];
    expect(one.bias).toBe(two.bias);
    expect(one.weights).toEqual(two.weights);
    expect(one.weights.some((weight) => weight !== 0)).toBe(true);
  });

  it('leaves out no sentence that reaches the score, whatever stands around it', () => {
    const classifier = usualClassifier();
    const scores = new SentenceScores(classifier);
    const all = ownStatements().map(({ text }) => tokenizer.tokens(text));
    const isKnown = (name: string) => name.length % 2 === 0;
    const reached = all.flatMap((tokens, at) => {
      const context = { where: 'reasoning', before: all[at - 1] ?? [], after: all[at + 1] ?? [] } as const;
      const score = classifier.score(withKnown(featuresOf(tokens, context), tokens, isKnown));
      for (const least of [0.15, 0.5, 0.9]) expect(scores.score(tokens, context, isKnown, least)).toBe(score < least ? undefined : score);
      return score < 0.5 ? [] : [score];
    });
    expect(reached.length).toBeGreaterThan(0);
    expect(reached.length).toBeLessThan(all.length);
  });

  it('refuses a table of another size', () => {
    const thresholds = { marked: 0.1, note: 0.5, violation: 0.9 };
    const file = { version: 1, bias: 0, unit: 1, thresholds, measured: [], weights: Buffer.alloc(tableSize / 2).toString('base64') };
    expect(() => classifierOf(file)).toThrow('a table of');
  });
});
