import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paths } from '../../platform/home.ts';
import { readTeacherLog } from '../../demo/scripted-teacher/request-log.ts';
import { demoRelease } from '../e2e/demo-run.ts';
import { journalBytes, readJournals } from '../e2e/journals.ts';
import { TestHome } from '../e2e/test-home.ts';
import { aftermath, unscathed } from './aftermath.ts';
import { chaosSeed, randomNumbers } from './seeded.ts';

const crashes = 10;
/** Of the journals' bytes of an undisturbed demo: the last crash comes before so much is there. */
const lastCrash = 0.97;
/** A crash comes up to this many milliseconds after its share of the journals is written: tests and decisions write none. */
const jitterMs = 2_000;

let undisturbed: TestHome;
let release: string;
let bytes: number;

beforeAll(async () => {
  undisturbed = new TestHome('undisturbed');
  await demo(undisturbed).ended;
  release = demoRelease();
  bytes = journalBytes();
  await undisturbed.stop();
  undisturbed.leave();
}, 900_000);

afterAll(() => undisturbed.remove());

/** Runs the demo in a home; server, worker, gateway and teacher go on when it has ended. */
function demo(home: TestHome) {
  const child = home.start(['demo', '--keep-running'], (line) => process.stderr.write(`${line}\n`));
  return { child, ended: once(child, 'exit').then(([code]) => Number(code)) };
}

const teacherLog = () => readTeacherLog(join(paths.logs(), 'teacher-requests.jsonl'));

describe('the demo', () => {
  it('gives the same release when its worker crashes ten times', async () => {
    const random = randomNumbers(chaosSeed());
    const home = new TestHome('crashes');
    try {
      const { child, ended } = demo(home);
      const moments = Array.from({ length: crashes }, () => random() * bytes * lastCrash).sort((a, b) => a - b);
      for (const moment of moments) {
        while (journalBytes() < moment) await sleep(50);
        await sleep(random() * jitterMs);
        expect(child.exitCode).toBeNull();
        const { pid } = await home.crash('worker');
        process.stderr.write(`worker ${pid} crashes at ${journalBytes()} of ${bytes} bytes\n`);
      }
      expect(await ended).toBe(0);
      expect(await aftermath(home, release, teacherLog())).toEqual(unscathed);
    } finally {
      await home.remove();
    }
  });

  it('goes on where it was interrupted by Ctrl-C', async () => {
    const home = new TestHome('interrupted');
    try {
      const first = demo(home);
      while (journalBytes() < bytes / 3) await sleep(50);
      first.child.kill('SIGINT');
      expect(await first.ended).not.toBe(0);
      const begun = readJournals();
      expect(await demo(home).ended).toBe(0);
      for (const [name, entries] of begun) expect(readJournals().get(name)?.slice(0, entries.length)).toEqual(entries);
      expect(await aftermath(home, release, teacherLog())).toEqual(unscathed);
    } finally {
      await home.remove();
    }
  });
});
