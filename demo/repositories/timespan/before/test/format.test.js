import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../lib/timespan.js';

test('writes the largest units first', () => assert.equal(format(5_400_000), '1h 30m'));
test('writes zero', () => assert.equal(format(0), '0ms'));
test('writes a negative span', () => assert.equal(format(-90_000), '-1m 30s'));
test('rounds to whole milliseconds', () => assert.equal(format(1_000.4), '1s'));
