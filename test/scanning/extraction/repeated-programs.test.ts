import { beforeAll, expect, test } from 'vitest';
import { commandsInPython } from '../../../activities/scanning/extraction/python-program.ts';
import { ShellSession } from '../../../activities/scanning/extraction/shell-session.ts';
import { loadGrammars } from '../../../activities/syntax/grammars.ts';
import { scanTrajectory } from '../../../activities/scanning/scan-trajectory.ts';
import { ScanContext } from '../../../schemas/scan-context.ts';

beforeAll(() => loadGrammars());

const program = "import subprocess\nsubprocess.run(['git', 'log', '--all'])\n";

test('a program that is run again comes to the same commands, and each run is reported', () => {
  expect(commandsInPython(program)).toEqual(commandsInPython(program));
  const run = { name: 'bash', arguments: JSON.stringify({ command: `python3 - <<'PY'\n${program}PY` }) };
  const turns = ['one', 'two'].flatMap((id) => [
    { role: 'assistant' as const, content: '', tool_calls: [{ id, type: 'function' as const, function: run }] },
    { role: 'tool' as const, content: 'a1b2c3d Later work', tool_call_id: id },
  ]);
  const { findings } = scanTrajectory({ id: 'again', messages: [{ role: 'user', content: 'Fix it.' }, ...turns] }, ScanContext.parse({}));
  expect(findings.map(({ turn, rule }) => [turn, rule])).toEqual([
    [0, 'log-of-all-refs'],
    [1, 'log-of-all-refs'],
  ]);
});

test('what a notebook knows from its cells does not come from a program that stood alone', () => {
  const cell = 'import os\nos.system(command)\n';
  const alone = commandsInPython(cell);
  const { python } = new ShellSession();
  commandsInPython("command = 'git stash list'\nopen('x')\n", python);
  expect(commandsInPython(cell, python).runs).toMatchObject([{ kind: 'shell', source: 'git stash list' }]);
  expect(commandsInPython(cell)).toEqual(alone);
});
