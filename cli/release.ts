import { join } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { localReleaseFolder } from '../activities/dataset/index.ts';
import { paths } from '../platform/home.ts';
import { Problem } from '../schemas/problem.ts';
import { RowForm } from '../schemas/dataset-row.ts';
import { CampaignName } from '../schemas/names.ts';
import type { ReleaseInput } from '../schemas/activity-inputs.ts';
import { PrivateKind } from '../schemas/private-text.ts';
import type { ReleaseManifest } from '../schemas/release.ts';
import type { ReleaseProgress } from '../schemas/release-progress.ts';
import type { ReleaseStatus } from '../schemas/release-status.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { bareText, builtText, leftOutUnasked, requireAsked } from './release-facts.ts';
import { requireCampaign, withRecords } from './records.ts';
import { ProgressLine } from './progress-line.ts';
import { progressText } from './release-progress.ts';
import { findings, licences, one, privateKinds, queryOf, several, verdicts } from './release-query.ts';
import { verifyCommand } from './release-verify.ts';
import { diffCommand } from './release-diff.ts';
import { mergeCommand } from './release-merge.ts';
import { pushCommand } from './release-push.ts';
import { sampleCommand } from './release-sample.ts';
import { watch } from './watch.ts';

interface Built {
  folder: string;
  manifest: ReleaseManifest;
}

/** `tracemill release`: dataset versions made from the ledger. */
export function releaseCommand() {
  return new Command('release')
    .description('Builds dataset releases from the ledger, compares them, and hands them on.')
    .addCommand(buildCommand())
    .addCommand(cancelCommand())
    .addCommand(verifyCommand())
    .addCommand(diffCommand())
    .addCommand(mergeCommand())
    .addCommand(sampleCommand())
    .addCommand(pushCommand());
}

function buildCommand() {
  return new Command('build')
    .description('Writes Parquet shards, manifest, ledger and card of campaigns, and reads every shard back before they appear.')
    .argument('<campaign...>', 'names of campaigns, or of sets of rows that tracemill judge put on the ledger')
    .option('--name <name>', 'name of the release; by default that of the first campaign')
    .option('--release-version <name>', 'version of the release', 'v1')
    .addOption(new Option('--form <form>', 'name of the column with the messages').choices(RowForm.options).default('trajectory' as const))
    .option('--cancel-on-interrupt', 'cancel the build at Ctrl-C; otherwise it goes on')
    .option('--local', 'build in this process, without server and worker')
    .option('--out <folder>', 'where the release goes instead; what lies there is replaced; implies --local')
    .option('--preset <name>', 'rows that were decided on by this preset', one('preset'))
    .option('--harness <names>', 'rows of these harnesses, by commas', several('harnesses'))
    .option('--mode <modes>', 'rows of these modes', several('modes'))
    .option('--language <names>', 'rows of these languages', several('languages'))
    .option('--resolved <verdicts>', 'rows with these verdicts: 1, 0, -1', verdicts)
    .option('--findings <which>', 'none, some, or categories: rows without findings, with some, with one of these', findings)
    .option('--licences <names>', 'licences that rows may have, by commas: SPDX names; or any, or known: those with an SPDX name', licences)
    .option('--redact <kinds>', `replace what should not be published: all, or ${PrivateKind.options.join(', ')}`, privateKinds)
    .addHelpText(
      'after',
      `
The worker builds it, in a process of its own; a build of the same version that is under way is joined.

Examples:
  $ tracemill release build demo
  $ tracemill release build demo --release-version v2 --cancel-on-interrupt
  $ tracemill release build demo --local
  $ tracemill release build demo theirs --name both --resolved 1 --findings none --local
  $ tracemill release build demo --harness openhands --mode think --language python,go --form messages --local
  $ tracemill release build demo --out ./demo-v2
  $ tracemill release build demo --redact secrets,emails
  $ tracemill release build theirs --redact all --licences MIT,Apache-2.0 --local

Rows whose licence nobody states, or that no SPDX name stands for, are left out and counted, unless --licences any lets them in. Exit code 1
where that happened and --licences was not given: the release is there, and has fewer rows than were kept.`,
    )
    .action(
      async (
        campaigns,
        { releaseVersion: version, cancelOnInterrupt = false, local = false, out, name, form, redact, ...asked },
        command,
      ) => {
        const campaign = CampaignName.parse(name ?? campaigns[0]);
        const input = { campaign, version, query: queryOf(campaigns, asked), form, redact };
        const place = out ?? join(paths.releases(), campaign, version);
        const before = await manifestAt(place);
        const built = local || out !== undefined ? await buildHere(input, place) : await buildByWorker(input, cancelOnInterrupt);
        if (built === undefined) return;
        const { folder, manifest } = built;
        const bare = bareText(before, manifest);
        if (bare !== undefined) note(bare);
        printResult(command, { out: folder, ...manifest }, builtText(folder, manifest));
        if (leftOutUnasked(manifest, asked.licences)) process.exitCode = exitCodes.failed;
      },
    );
}

/** Of the release that is replaced; one that cannot be read is none. */
async function manifestAt(folder: string): Promise<ReleaseManifest | undefined> {
  const { openRelease } = await import('../activities/dataset/index.ts');
  return await openRelease(localReleaseFolder(folder)).then(
    ({ manifest }) => manifest,
    () => undefined,
  );
}

function cancelCommand() {
  return new Command('cancel')
    .description('Stops the build of a release by a worker. The release that is there stays.')
    .argument('<campaign>', 'name of the campaign')
    .option('--release-version <name>', 'version of the release', 'v1')
    .addHelpText('after', '\nExamples:\n  $ tracemill release cancel demo\n  $ tracemill release cancel demo --release-version v2')
    .action(async (campaign, { releaseVersion: version }, command) => {
      const [{ withClient }, { cancelRelease }] = await Promise.all([import('../client/connect.ts'), import('../client/release.ts')]);
      await withClient((client) => cancelRelease(client, { campaign, version }));
      printResult(command, { campaign, version, cancelled: true }, `the build of release ${version} of ${campaign} is cancelled`);
    });
}

async function buildHere(input: ReleaseInput, folder: string): Promise<Built> {
  const { buildRelease } = await import('../activities/dataset/index.ts');
  const out = localReleaseFolder(folder);
  const signal = interruption();
  const line = new ProgressLine(false);
  let last = '';
  const onProgress = (progress: ReleaseProgress) => {
    if (progress.phase === last) line.show(() => progressText(progress));
    else {
      line.end();
      note(progressText(progress));
    }
    last = progress.phase;
  };
  const manifest = await withRecords(async ({ ledger, store }) => {
    for (const campaign of input.query?.campaigns ?? [input.campaign]) await requireCampaign(ledger, campaign);
    return await buildRelease({ ...input, out, ledger, store, signal, onProgress });
  }).finally(() => line.end());
  return { folder: out.location, manifest };
}

/** Undefined when Ctrl-C ended the waiting. */
async function buildByWorker(input: ReleaseInput, cancels: boolean): Promise<Built | undefined> {
  const [{ withClient }, { releaseResult, releaseStatus, startRelease }, { openRelease }] = await Promise.all([
    import('../client/connect.ts'),
    import('../client/release.ts'),
    import('../activities/dataset/index.ts'),
  ]);
  const storeId = await withRecords(async ({ ledger, store }) => {
    for (const campaign of input.query?.campaigns ?? [input.campaign]) await requireCampaign(ledger, campaign);
    return await store.id();
  });
  const signal = interruption();
  const result = await withClient(async (client) => {
    const handle = await startRelease(client, storeId, input);
    await watch({
      read: () => releaseStatus(handle),
      ended: ({ workflow }) => workflow !== 'running',
      screen: statusText,
      line: statusText,
      signal,
    });
    if (!signal.aborted) return await releaseResult(handle);
    if (cancels) await handle.cancel();
    note(
      cancels
        ? '\nthe build is cancelled'
        : `\nthe build goes on; follow it: tracemill release build ${input.campaign} --release-version ${input.version}`,
    );
    return undefined;
  }).catch(orLocally);
  if (result === undefined) return undefined;
  const { manifest } = await openRelease(localReleaseFolder(result.folder));
  requireAsked(input, manifest);
  return { folder: result.folder, manifest };
}

/** A build needs a server and a worker, or neither. */
function orLocally(error: unknown): never {
  if (!(error instanceof Problem) || !/^temporal_(not_started|unreachable)$/.test(error.code)) throw error;
  throw new Problem(error.code, error.message, {
    cause: error,
    hint: `${error.hint}, then: tracemill worker; or build it in this process: --local`,
  });
}

function statusText({ workflow, attempt, progress, problem }: ReleaseStatus): string {
  if (workflow !== 'running') return `the build has ended: ${workflow}`;
  const now = progress === null ? 'waiting for the process that builds releases' : progressText(progress);
  return problem === null ? now : `${now} (attempt ${attempt}; before: ${problem})`;
}
