import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningTeacher, startTeacher } from '../../demo/scripted-teacher/server.ts';
import { TeacherScript } from '../../schemas/teacher-script.ts';
import { abortBenchCampaign, campaignEnd, type CampaignShape, scheduledTimes, startBenchCampaign } from './campaigns.ts';
import type { Figure } from './figure.ts';
import { type Memory, memoryOf, sumOf } from './memory-of.ts';
import { percentile } from './percentiles.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

export interface RolloutBench {
  /** Campaigns of four rollouts (two harnesses × two modes) whose start is timed, one after the other. */
  starts?: number;
  /** Rollouts in flight when memory is taken; ascending. */
  inFlight?: number[];
  /** Turns that each rollout did before. */
  turns?: number;
  say?: (line: string) => void;
}

/**
 * A whole worker on real containers against a scripted teacher: how long a rollout takes from its scheduling at the
 * server to its first model request, and what worker and gateway hold for rollouts in flight. Image and gate are done
 * before anything is measured.
 */
export async function benchRollouts(options: RolloutBench = {}): Promise<Figure[]> {
  const { starts = 12, inFlight = [1, 50, 200], turns = 20, say = () => undefined } = options;
  const teacher = await startTeacher({ scripts: [quick, slow(turns)] });
  try {
    const workplace = await openWorkplace();
    const leave = () => void workplace.close().finally(() => process.exit(130));
    process.once('SIGINT', leave);
    process.once('SIGTERM', leave);
    try {
      say('clean image and gate');
      await quickCampaign(workplace, teacher, 'bench-warm');
      return [...(await startFigures(workplace, teacher, starts, say)), ...(await memoryFigures(workplace, teacher, inFlight, turns, say))];
    } finally {
      process.off('SIGINT', leave);
      process.off('SIGTERM', leave);
      await workplace.close();
    }
  } finally {
    await teacher.close();
  }
}

const quick = TeacherScript.parse({
  name: 'quick',
  match: { model: 'quick' },
  turns: [
    { text: 'I look around.', calls: [{ run: 'ls' }] },
    { calls: [{ finish: 'Done.' }], repeat: 'forever' },
  ],
});

/** Commands with some 5 KB of output each, as test runs have, and then an answer that does not end. */
function slow(turns: number): TeacherScript {
  const run = "echo step ${{turn}}; seq -f 'tests/test_parse.py::test_case_%03g PASSED  [in step]' 1 90";
  return TeacherScript.parse({
    name: 'slow',
    match: { model: 'slow' },
    turns: [
      {
        reasoning: 'The loop ends before the last item is read, so the condition is off by one. '.repeat(4),
        text: 'Let me look at what the tests say now.',
        calls: [{ run }],
        repeat: turns,
      },
      { text: 'I think about it. '.repeat(20), repeat: 'forever', misbehave: [{ kind: 'stalled_stream', attempts: 1000 }] },
    ],
  });
}

async function quickCampaign(workplace: Workplace, teacher: RunningTeacher, name: string): Promise<void> {
  await startBenchCampaign(workplace, teacher.url, {
    name,
    harnesses: ['openhands', 'sweagent'],
    modes: ['think', 'no_think'],
    samples: 1,
    model: 'quick',
  });
  await campaignEnd(name);
}

async function startFigures(workplace: Workplace, teacher: RunningTeacher, starts: number, say: (line: string) => void): Promise<Figure[]> {
  const delays: number[] = [];
  for (let number = 0; number < starts; number++) {
    const name = `bench-start-${number}`;
    await quickCampaign(workplace, teacher, name);
    delays.push(...(await startDelays(workplace, teacher, name)));
    say(`start ${number + 1} of ${starts}: ${delays.slice(-4).map(Math.round).join(', ')} ms`);
  }
  return [startFigure('four at once, p50', percentile(delays, 0.5)), startFigure('four at once, p99', percentile(delays, 0.99))];
}

function startFigure(which: string, milliseconds: number): Figure {
  return {
    name: `scheduled to first model request, ${which}`,
    unit: 's',
    ours: milliseconds / 1000,
    target: { at: 'most', value: 2 },
  };
}

/** Milliseconds from the scheduling of each rollout to the arrival of its first request. */
async function startDelays({ sample }: Workplace, teacher: RunningTeacher, campaign: string): Promise<number[]> {
  const scheduled = await scheduledTimes(campaign, sample.task.instance_id);
  return teacher.log().flatMap(({ event, key, attempt, at }) => {
    const id = key?.endsWith('/0') && key.startsWith(`${campaign}/`) ? key.slice(0, -'/0'.length) : undefined;
    const since = id === undefined || event !== 'asked' || attempt !== 1 ? undefined : scheduled.get(id);
    return since === undefined ? [] : [at - since];
  });
}

async function memoryFigures(
  workplace: Workplace,
  teacher: RunningTeacher,
  inFlight: number[],
  turns: number,
  say: (line: string) => void,
): Promise<Figure[]> {
  const taken: { rollouts: number; memory: Memory }[] = [];
  const campaigns: string[] = [];
  const bursts: number[] = [];
  for (const rollouts of inFlight) {
    const names = await addRollouts(workplace, teacher, rollouts - (taken.at(-1)?.rollouts ?? 0), campaigns.length);
    campaigns.push(...names);
    await stalled(teacher, rollouts, turns, say);
    if (rollouts === inFlight.at(-1)) for (const name of names) bursts.push(...(await startDelays(workplace, teacher, name)));
    const memories = { worker: await memoryOf(workplace.worker), gateway: await memoryOf(workplace.gateway) };
    taken.push({ rollouts, memory: sumOf(Object.values(memories)) });
    say(`${rollouts} in flight: ${Object.entries(memories).map(described).join('; ')}`);
  }
  for (const name of campaigns) await abortBenchCampaign(name);
  for (const name of campaigns) await campaignEnd(name);
  const [first, last] = [taken[0], taken.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const each = (key: keyof Memory) => (last.memory[key] - first.memory[key]) / (last.rollouts - first.rollouts);
  return [
    ...taken.map(({ rollouts, memory }) => ({ name: `worker and gateway, ${rollouts} in flight`, unit: 'MB', ours: memory.rss })),
    {
      name: 'memory a rollout',
      unit: 'MB',
      ours: each('rss'),
      target: { at: 'most', value: 2 },
      note: `${turns} turns of 5 KB each behind it; heap and external ${(each('heapUsed') + each('external')).toFixed(2)} MB`,
    },
    {
      name: `scheduled to first model request, ${bursts.length} at once, p50`,
      unit: 's',
      ours: percentile(bursts, 0.5) / 1000,
      note: `p99 ${(percentile(bursts, 0.99) / 1000).toFixed(1)} s`,
    },
  ];
}

function described([name, { rss, heapUsed, external }]: [string, Memory]): string {
  return `${name} ${Math.round(rss)} MB resident, heap in use ${Math.round(heapUsed)}, external ${Math.round(external)}`;
}

/** Starts this number of further rollouts, at most 64 per campaign. Returns the campaigns' names. */
async function addRollouts(workplace: Workplace, teacher: RunningTeacher, count: number, first: number): Promise<string[]> {
  const shapes: CampaignShape[] = [];
  for (let left = count; left > 0; left -= 50) {
    const number = first + shapes.length;
    shapes.push({
      name: `bench-memory-${number}`,
      harnesses: [number % 2 === 0 ? 'openhands' : 'sweagent'],
      modes: [number % 4 < 2 ? 'think' : 'no_think'],
      samples: Math.min(50, left),
      model: 'slow',
    });
  }
  for (const shape of shapes) await startBenchCampaign(workplace, teacher.url, shape);
  return shapes.map(({ name }) => name);
}

/** Waits until this number of rollouts has reached the answer that does not end. */
async function stalled(teacher: RunningTeacher, rollouts: number, turns: number, say: (line: string) => void): Promise<void> {
  for (let shown = Date.now(); ; await sleep(500)) {
    const keys = new Set(
      teacher.log().flatMap(({ event, script, turn, key }) => (event === 'asked' && script === 'slow' && turn === turns ? [key] : [])),
    );
    if (keys.size >= rollouts) break;
    if (Date.now() - shown < 10_000) continue;
    shown = Date.now();
    say(`${keys.size} of ${rollouts} rollouts have done their ${turns} turns`);
  }
  await sleep(2000);
}
