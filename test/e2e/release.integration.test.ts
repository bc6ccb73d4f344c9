import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRelease } from '../../activities/dataset/open-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { withClient } from '../../client/connect.ts';
import { ensureTemporal } from '../../infra/temporal.ts';
import { paths } from '../../platform/home.ts';
import { workflowStatus } from '../../platform/temporal/workflow-status.ts';
import { fillCampaign, openWorkplace } from '../dataset/campaign.ts';
import { releaseWorkflowId } from '../../workflows/contract/ids.ts';
import { endedAttempts, until } from '../workflows/world.ts';
import { TestHome } from './test-home.ts';

let home: TestHome;

beforeAll(async () => {
  home = new TestHome('release');
  const place = openWorkplace(home.folder);
  await fillCampaign(place, 60);
  await place.ledger.close();
  await ensureTemporal();
});

afterAll(() => home.remove());

const folder = (version: string) => join(paths.releases(), 'demo', version);

const workflowOf = (version: string) => withClient((client) => workflowStatus(client, releaseWorkflowId('demo', version)));

/** A build at the command line, with what it says meanwhile. */
function building(version: string, ...options: string[]) {
  const lines: string[] = [];
  const child = home.start(['release', 'build', 'demo', '--release-version', version, ...options], (line) => lines.push(line));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, lines, ended };
}

describe('tracemill release build', () => {
  it('says what to do where no worker is', async () => {
    const { exitCode, stderr } = await home.run('release', 'build', 'demo');
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/tracemill worker.*--local/);
  });

  it('follows the build by a worker through the death of that worker', async () => {
    await home.startWorker();
    await until(async () => (await home.run('release', 'build', 'demo', '--release-version', 'first')).exitCode === 0);
    const { lines, ended } = building('second', '--json');
    await until(() => existsSync(join(paths.releases(), 'demo', '.second.building', 'data')));
    await home.crash('worker');
    await home.startWorker();
    expect(await ended).toBe(0);
    // Neither heartbeat nor queue had to be missed, which takes a minute each.
    const handover = await withClient((client) => endedAttempts(client.workflow.getHandle(releaseWorkflowId('demo', 'second'))));
    expect(handover).toEqual([expect.stringMatching(/^the worker/)]);
    expect(lines[0]).toMatch(/^(waiting for the process|comparing the rows|planning|\d+ of \d+ rows written)/);
    const [first, second] = [
      await openRelease(localReleaseFolder(folder('first'))),
      await openRelease(localReleaseFolder(folder('second'))),
    ];
    // Card and list of repositories bear the version; pictures do not.
    const { card, card_files } = second.manifest;
    expect(second.manifest).toEqual({ ...first.manifest, version: 'second', card, card_files });
    const pictures = ({ card_files: files }: typeof first.manifest) => files.filter(({ path }) => path.startsWith('pictures/'));
    expect(pictures(second.manifest)).toEqual(pictures(first.manifest));
    for (const { path } of first.manifest.shards) {
      expect(readFileSync(join(folder('second'), path)).equals(readFileSync(join(folder('first'), path)))).toBe(true);
    }
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ out: folder('second'), rows: first.manifest.rows });
  });

  it('leaves the build running at Ctrl-C', async () => {
    const { child, lines, ended } = building('left');
    await until(() => lines.length > 0);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await until(() => existsSync(folder('left')));
    await until(async () => (await workflowOf('left')) === 'COMPLETED');
  });

  it('is stopped by release cancel, from anywhere', async () => {
    // Another writer of the same folder holds the build up for as long as the test needs.
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const other = localReleaseFolder(folder('cancelled')).replace(() => held);
    const { lines, ended } = building('cancelled');
    await until(() => lines.some((line) => line.startsWith('waiting for another build')));
    await home.ask('release', 'cancel', 'demo', '--release-version', 'cancelled');
    expect(await ended).toBe(1);
    letGo();
    await other;
    expect(await workflowOf('cancelled')).toBe('CANCELLED');
    expect((await home.run('release', 'cancel', 'demo', '--release-version', 'cancelled')).exitCode).toBe(3);
  });

  it('builds without a worker into another folder, with the same bytes', async () => {
    await home.crash('worker');
    const out = join(home.folder, 'elsewhere');
    await home.ask('release', 'build', 'demo', '--release-version', 'first', '--out', out);
    expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toBe(readFileSync(join(folder('first'), 'manifest.json'), 'utf8'));
  });

  it('is forgotten with its campaign', async () => {
    expect(await workflowOf('second')).toBe('COMPLETED');
    await home.ask('campaign', 'remove', 'demo', '--yes');
    expect(await workflowOf('second')).toBeUndefined();
    expect(existsSync(folder('second'))).toBe(false);
  });
});
