import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../lib/timespan.js';

test('reads a single unit', () => assert.equal(parse('45s'), 45_000));
test('adds several units', () => assert.equal(parse('1h 30m'), 5_400_000));
test('accepts long names and commas', () => assert.equal(parse('2 days, 1 hour'), 176_400_000));
test('reads a negative span', () => assert.equal(parse('-2m'), -120_000));
test('refuses an unknown unit', () => assert.throws(() => parse('3 fortnights'), TypeError));
test('refuses empty text', () => assert.throws(() => parse('  '), TypeError));
test('reads a decimal fraction', () => assert.equal(parse('1.5h'), 5_400_000));
test('reads a fraction without a leading digit', () => assert.equal(parse('.25 minutes'), 15_000));
test('adds fractions to whole units', () => assert.equal(parse('1h 0.5m'), 3_630_000));
test('refuses a lone point', () => assert.throws(() => parse('1.h'), TypeError));
