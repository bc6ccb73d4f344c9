import { describe, expect, it } from 'vitest';
import { plainOutput, unfinishedOutput } from '../../activities/sandbox/shell-output.ts';

describe('the output of a command', () => {
  it.each([
    ['colours', '\x1b[1;31mred\x1b[0m and \x1b[38;2;1;2;3mblue\x1b[m', 'red and blue'],
    ['movements of the cursor', '10%\x1b[2K\x1b[1G100%\x1b[?25h', '10%100%'],
    ['titles and links', '\x1b]0;make\x07ok \x1b]8;;http://x\x1b\\here\x1b]8;;\x1b\\', 'ok here'],
    ['other escapes', '\x1b(B\x1b=a\x1b7\x1bcb\x1b', 'ab'],
    ['carriage returns at line ends', 'a\r\nb\r\r\nc\rd\r\n', 'a\nb\nc\rd\n'],
    ['the place of a message in bash', '/run/tracemill/bash: line 1: foo: command not found\n', 'bash: foo: command not found\n'],
    ['all places but the line where there are several', '/run/tracemill/bash: line 3: x: no', 'bash: line 3: x: no'],
    [
      'that of a message on syntax',
      '/run/tracemill/bash: eval: line 2: syntax error: unexpected end of file',
      'bash: line 2: syntax error: unexpected end of file',
    ],
    ['that of a killed process', '/run/tracemill/bash: line 1:   284 Killed      make', 'bash:   284 Killed      make'],
    ['that of busybox', 'a\nsh: /run/tracemill/sh: line 1: foo: not found\n', 'a\nsh: foo: not found\n'],
    ['that of dash', '/run/tracemill/sh: 2: foo: not found\nsh: 1: /run/tracemill/sh: x: no', 'sh: line 2: foo: not found\nsh: x: no'],
  ])('has no %s', (_what, raw, plain) => {
    expect(plainOutput(raw)).toBe(plain);
  });

  it.each([
    'tab\tand \\x1b[31m as text, æ, 漢, \u2028',
    './run.sh: line 3: foo: command not found\n',
    'grep: /run/tracemill/bash: No such file or directory\nsee /run/tracemill/bash: line 1: x',
    '{"escape": "[31m"}',
  ])('keeps %j', (text) => {
    expect(plainOutput(text)).toBe(text);
  });

  it.each([
    ['\x1b', 1],
    ['a\x1b[', 2],
    ['a\x1b[38;5', 6],
    ['a\x1b]0;title', 9],
    ['a\x1b(', 2],
    ['a\r', 1],
    ['é'.repeat(3), 0],
    ['a\x1b[31m', 0],
    ['a\x1b[31mb', 0],
    [`\x1b]${'x'.repeat(400)}`, 0],
  ])('that still comes and ends with %j waits for the rest', (text, held) => {
    expect(unfinishedOutput(Buffer.from(text))).toBe(held);
  });

  it('waits for the rest of a character', () => {
    expect(unfinishedOutput(Buffer.from('a漢').subarray(0, 3))).toBe(2);
  });
});
