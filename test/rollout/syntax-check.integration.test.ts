import { describe, expect, it } from 'vitest';
import { syntaxCheck } from '../../activities/rollout/harnesses/sweagent/syntax-check.ts';
import { type Hands, minimal, toolchain, withSandbox } from '../sandbox/containers.ts';

/** As the harness does: what the shell has against the command, else what it prints. */
async function take(hands: Hands, command: string): Promise<string> {
  const check = syntaxCheck(command);
  const complaint = check.complaint(await hands.output(check.command));
  return complaint === null ? hands.output(command) : `refused: ${complaint}`;
}

type Steps = [command: string, seen: string | RegExp][];

/** What is seen of each step; in place of a text that matches the pattern, the pattern. */
async function conversation(image: string, steps: Steps): Promise<Steps> {
  const seen: Steps = [];
  await withSandbox(
    async (hands) => {
      for (const [command, wanted] of steps) {
        const text = await take(hands, command);
        seen.push([command, typeof wanted !== 'string' && wanted.test(text) ? wanted : text]);
      }
    },
    { image },
  );
  return seen;
}

describe('the syntax of a command', () => {
  it('is that of the agent’s bash, with its options and aliases', async () => {
    const steps: Steps = [
      ['mkdir /srv/d; cd /srv/d; touch a.c b.c c.h', ''],
      ['ls !(*.h)', /^refused: bash: line 1: syntax error near unexpected token `\('/],
      ['shopt -s extglob', ''],
      ['ls !(*.h)', 'a.c\nb.c\n'],
      ['case a.c in @(a|b).c) echo yes ;; esac', 'yes\n'],
      ['shopt -u extglob', ''],
      ['shopt -s extglob\nls @(a|c).*', 'a.c\nc.h\n'],
      ['shopt -s extglob\nls @(a|c', /^refused: bash: line 2: /],
      ["alias begin='{' end='}'", ''],
      ['begin echo in; end', 'in\n'],
      ['unset BASH BASH_VERSION', ''],
      ['[[ a == a ]] && cat <(echo yes)', 'yes\n'],
      ['set -o posix', ''],
      ['if true', /^refused: bash: line 2: syntax error: unexpected end of file$/],
      ['echo 1\necho 2\n)', /^refused: bash: line 3: syntax error near unexpected token `\)'\nbash: line 3: `\)'$/],
    ];
    expect(await conversation(toolchain, steps)).toEqual(steps);
  });

  it('says nothing of what the agent set, and leaves the status of the last command', async () => {
    const steps: Steps = [
      ['false', ''],
      ['echo $?', '1\n'],
      ['eval() { echo mine; }; set() { printf mine; }; echo() { printf mine; }; trap "echo failed" ERR', ''],
      ['if true', /^refused: bash: line 2: /],
      ['unset -f eval set echo; trap - ERR', ''],
      ['set -xv', ''],
      ['if', /^refused: bash: line 2: syntax error: unexpected end of file$/],
      ['echo traced', /\+ echo traced\ntraced\n$/],
      ['{ set +xv; } 2>/dev/null', /./],
      ['set -euo pipefail', ''],
      ['if', /^refused: bash: line 2: /],
      ['echo "still $-"', /^still .*e.*u/],
    ];
    expect(await conversation(toolchain, steps)).toEqual(steps);
  });

  it('is that of the image’s sh where there is no bash', async () => {
    const steps: Steps = [
      ["alias begin='{' end='}'", ''],
      ['begin echo in; end', 'in\n'],
      ['x=$(case a in (a) echo yes ;; esac) && echo $x', 'yes\n'],
      ['a=(1 2)', /^refused: sh: line 1: syntax error: unexpected "\("$/],
      ["echo 1\necho 'x", /^refused: sh: line \d: syntax error: unterminated quoted string$/],
      ['false', ''],
      ['echo $?', '1\n'],
    ];
    expect(await conversation(minimal, steps)).toEqual(steps);
  });
});
