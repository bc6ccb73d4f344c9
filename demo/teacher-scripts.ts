import type { HarnessName, Mode } from '../schemas/names.ts';
import type { Task } from '../schemas/task.ts';
import type { ScriptedCall, ScriptedTurn, TeacherScript } from '../schemas/teacher-script.ts';
import { editsOf } from './edits.ts';
import { workdirOf } from '../schemas/workdir.ts';
import { titleOf } from './repository.ts';

/** What a rollout of the demo is made to do. Every way of ending that users meet is among them. */
export type Fate =
  | 'fixes'
  | 'fixes_after_mistakes'
  | 'wrong_fix'
  | 'gives_up'
  | 'loops'
  | 'edits_tests_only'
  | 'reads_history'
  | 'downloads_upstream'
  | 'remembers_upstream';

const cells: { harness: HarnessName; mode: Mode }[] = [
  { harness: 'openhands', mode: 'think' },
  { harness: 'openhands', mode: 'no_think' },
  { harness: 'sweagent', mode: 'think' },
  { harness: 'sweagent', mode: 'no_think' },
];

/** One line a task, one fate a cell, used again from the top when there are more tasks. */
const fates: Fate[][] = [
  ['fixes', 'fixes', 'fixes', 'reads_history'],
  ['fixes', 'wrong_fix', 'fixes', 'fixes'],
  ['fixes_after_mistakes', 'fixes', 'loops', 'fixes'],
  ['reads_history', 'fixes', 'fixes', 'gives_up'],
  ['fixes', 'loops', 'wrong_fix', 'fixes'],
  ['fixes', 'fixes', 'fixes_after_mistakes', 'downloads_upstream'],
  ['gives_up', 'fixes', 'fixes', 'fixes_after_mistakes'],
  ['fixes', 'reads_history', 'fixes', 'edits_tests_only'],
  ['remembers_upstream', 'fixes', 'fixes', 'fixes'],
  ['fixes', 'fixes', 'wrong_fix', 'fixes'],
];

/** What the scripted teacher says to every rollout of the demo; a pure function of the tasks. */
export function demoScripts(tasks: Task[], latencyMs: number): TeacherScript[] {
  return tasks.flatMap((task, row) =>
    cells.map(({ harness, mode }, column) => {
      const fate = fates[row % fates.length]?.[column] ?? 'fixes';
      return {
        name: `${task.instance_id} ${harness} ${mode}: ${fate}`,
        match: { harness, thinking: mode === 'think', task: titleOf(task), headers: {} },
        values: {},
        turns: turnsOf(fate, task, harness),
        afterwards: 'repeat_last' as const,
        reasoning_field: 'reasoning_content' as const,
        latency_ms: latencyMs,
      };
    }),
  );
}

function turnsOf(fate: Fate, task: Task, harness: HarnessName): ScriptedTurn[] {
  const workdir = workdirOf(task);
  const opening = [look(workdir), mark(1)];
  const ending = harness === 'openhands' ? finish() : submit();
  const fix = editsOf(task.patch, workdir).map((call) =>
    turn('Now the change itself.', 'The cause is clear; this is the place to change.', call),
  );
  const check = [
    mark(2),
    test(task, workdir),
    turn('Each step must have run once.', 'Two lines are expected.', { run: 'cat /tmp/steps.log' }),
  ];
  const paths = fix.length === 0 ? [] : touched(task.patch);
  switch (fate) {
    case 'fixes':
      return [...opening, show(workdir, paths), ...fix, ...check, ...ending];
    case 'fixes_after_mistakes':
      return [...opening, ...mistakes(workdir), ...fix, ...check, ...ending];
    case 'wrong_fix':
      return [...opening, show(workdir, paths), addNothing(workdir, paths), ...check, ...ending];
    case 'gives_up':
      return [...opening, show(workdir, paths), ...ending];
    case 'loops':
      return [...opening, { ...turn('Let me look once more.', 'I am not sure yet.', { run: `ls ${workdir}` }), repeat: 'forever' }];
    case 'edits_tests_only':
      return [
        ...opening,
        ...editsOf(task.test_patch, workdir).map((call) => turn('A test for it.', 'A test comes first.', call)),
        ...ending,
      ];
    case 'reads_history':
      return [...opening, ...readHistory(workdir), ...fix, ...check, ...ending];
    case 'downloads_upstream':
      return [...opening, download(task), ...fix, ...check, ...ending];
    case 'remembers_upstream':
      return [...opening, remember(task), ...fix, ...check, ...ending];
  }
}

function turn(text: string, reasoning: string, ...calls: ScriptedCall[]): ScriptedTurn {
  return { text, reasoning, calls, repeat: 1, misbehave: [] };
}

function look(workdir: string): ScriptedTurn {
  return turn('I begin with a look at the repository.', 'First I need to know how the code is laid out.', {
    run: `cd ${workdir} && git status --short && ls`,
  });
}

/** Leaves a line behind: a command that ran twice would leave two. */
function mark(step: number): ScriptedTurn {
  return turn(`Noting step ${step}.`, 'Notes help to keep the thread.', {
    run: `echo step ${step} >> /tmp/steps.log && wc -l < /tmp/steps.log`,
  });
}

function show(workdir: string, paths: string[]): ScriptedTurn {
  return turn('This file is the one to read.', 'The report points here.', { view: `${workdir}/${paths[0] ?? ''}` });
}

function test(task: Task, workdir: string): ScriptedTurn {
  const command = task.install_config.test_cmd.join(' && ');
  return turn('Let me run the tests.', 'The tests tell whether anything else broke.', {
    run: `cd ${workdir} && (${command}) 2>&1 | tail -n 5`,
  });
}

/** A change that touches the right file and fixes nothing. */
function addNothing(workdir: string, paths: string[]): ScriptedTurn {
  return turn('An empty line at the end should do.', 'Perhaps the file is cut short.', {
    run: `printf '\\n' >> ${workdir}/${paths[0] ?? 'README.md'}`,
  });
}

function mistakes(workdir: string): ScriptedTurn[] {
  return [
    turn('Looking around.', 'A listing first.', { tool: 'str_replace_editor', arguments: `{"command": "view", "path": "${workdir}"` }),
    turn('Searching.', 'A search would help.', { tool: 'search_everything', arguments: { query: 'bug' } }),
    turn('Two things at once.', 'Both at the same time save a turn.', { run: 'pwd' }, { run: 'git rev-parse --is-inside-work-tree' }),
  ];
}

function readHistory(workdir: string): ScriptedTurn[] {
  return [
    turn('Maybe it was mended later.', 'The history may hold the fix.', { run: `cd ${workdir} && git log --all --oneline | head -n 20` }),
    turn('The reflog may know more.', 'Nothing there; older states might.', { run: 'git reflog | head; git branch -a; git tag' }),
  ];
}

function download(task: Task): ScriptedTurn {
  const name = task.repo.split('/')[1] ?? '';
  return turn('The next release has it.', 'I could compare with the published fix.', {
    run: `pip download --no-deps ${name} || npm pack ${name}`,
  });
}

function remember(task: Task): ScriptedTurn {
  const after = task.meta?.['after_version'];
  const version = typeof after === 'string' ? after : '';
  return turn(
    `I remember how ${task.repo} ${version} mended this upstream: the change that was merged there is what I will write.`,
    `I recall the upstream fix that was released as ${version}; I can write down the same patch.`,
    { run: 'true' },
  );
}

function finish(): ScriptedTurn[] {
  return [turn('', 'Done.', { finish: 'The change is in place.' })];
}

/** The first call asks for a review, the second one ends the run. */
function submit(): ScriptedTurn[] {
  const call: ScriptedCall = { tool: 'submit', arguments: {} };
  return [turn('I submit this.', 'Done.', call), turn('The review holds; I submit.', 'Reviewed.', call)];
}

function touched(patch: string): string[] {
  return [...patch.matchAll(/^\+\+\+ b\/(.+?)\t?$/gm)].map((match) => match[1] ?? '');
}
