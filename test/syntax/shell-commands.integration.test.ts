import { afterAll, beforeAll, expect, it } from 'vitest';
import { type JobContainer, openJobContainer } from '../../activities/sandbox/job-container.ts';
import { shellCommands } from '../../activities/syntax/shell-commands.ts';
import { testEngine } from '../engine/engines.ts';
import { shellTexts } from './shell-texts.ts';

let job: JobContainer;
beforeAll(async () => {
  const labels = { 'tracemill.test': 'shell-commands' };
  job = await openJobContainer(testEngine(), { image: 'tracemill/toolchain:bookworm-1', network: 'none', labels, signal: undefined });
});
afterAll(() => job.remove());

/** An interactive bash prints PS0 before each command that it has read. It finds no program to run. */
const counting = `mkdir -p /srv/w && cd /srv/w || exit 1
for text in /srv/texts/*; do
  printf 'text %s\\n' "\${text##*/}"
  PATH=/nowhere PS0='\\001read\\002' PS1= PS2= HISTFILE= /bin/bash --norc --noprofile --noediting -i <"$text" 2>&1 >/dev/null | tr '\\001' '\\n'
done`;

it('are those that bash reads', async () => {
  // Commands of which bash makes something else: it takes a carriage return alone for a name, and reads one of these line by line.
  const compared = shellTexts.filter(([text, count]) => count > 0 && !text.includes('\r\n\r\n') && !text.includes('{x:-$('));
  await job.putFiles(compared.map(([text], index) => [`/srv/texts/${String(index).padStart(3, '0')}`, `${text}\n`]));
  const { stdout } = await job.exec(counting, { timeoutMs: 60_000 });
  const read = stdout
    .split(/^text \d+$/m)
    .slice(1)
    .map((part) => part.split('\n').filter((line) => line.startsWith('read\u0002')).length);
  expect(compared.map(([text], index) => [text, read[index]])).toEqual(compared.map(([text]) => [text, shellCommands(text)?.length ?? 0]));
});
