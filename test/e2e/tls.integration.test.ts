import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureTemporal } from '../../infra/temporal.ts';
import { stopBackground } from '../../platform/background-process.ts';
import { type Authority, type Identity, makeAuthority } from '../platform/temporal/certificates.ts';
import { startTlsProxy, type TlsProxy } from '../platform/temporal/tls-proxy.ts';
import { campaignWorkflowId } from '../../workflows/contract/ids.ts';
import { changeCampaign, type DemoRun, endOf, prepareDemoRun } from './demo-run.ts';
import { TestHome } from './test-home.ts';

let home: TestHome;
let run: DemoRun;
let proxy: TlsProxy;
let authority: Authority;
let client: Identity;

beforeAll(async () => {
  home = new TestHome('tls');
  run = await prepareDemoRun({ tasks: ['tracemill-demo__timespan-2.3.1'] });
  authority = makeAuthority(home.folder, 'authority');
  client = authority.issue('client');
  const frontend = authority.issue('frontend', ['DNS:frontend']);
  proxy = await startTlsProxy((await ensureTemporal()).address, frontend, authority.certificate);
}, 300_000);

afterEach(async () => {
  vi.unstubAllEnvs();
});

afterAll(async () => {
  await run?.teacher.close();
  await proxy?.close();
  await home.remove();
});

function set(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

const server = () => ({
  TEMPORAL_ADDRESS: proxy.address,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.certificate,
  TEMPORAL_TLS_SERVER_NAME: 'frontend',
});

/** Runs a campaign of one rollout by the settings of this process's environment; gives what its status says in the end. */
async function runCampaign(name: string): Promise<unknown> {
  changeCampaign(run, { name, harnesses: { openhands: { max_turns: 24 } }, modes: { think: 'minimax' } });
  const before = proxy.accepted();
  const worker = await home.startWorker();
  await home.ask('campaign', 'start', run.campaignFile);
  await endOf(campaignWorkflowId(name));
  const status = await home.ask('campaign', 'status', name);
  await stopBackground(worker);
  expect(proxy.accepted()).toBeGreaterThan(before + 2);
  return status;
}

const done = { workflow: 'completed', progress: { state: 'done' }, funnel: { total: { planned: 1, open: 0, lost: 0 } } };

describe('a Temporal server with TLS and client certificates', { timeout: 300_000 }, () => {
  it('runs a campaign of worker and command line that know it by TEMPORAL_TLS_* variables', async () => {
    set({ ...server(), TEMPORAL_TLS_CLIENT_CERT_PATH: client.certificate, TEMPORAL_TLS_CLIENT_KEY_PATH: client.key });
    expect(await runCampaign('by-variables')).toMatchObject(done);
  });

  it('runs one of worker and command line that know it by a profile', async () => {
    const file = join(home.folder, 'temporal.toml');
    writeFileSync(
      file,
      `[profile.mill]
address = "${proxy.address}"
[profile.mill.tls]
client_cert_path = "${client.certificate}"
client_key_path = "${client.key}"
server_ca_cert_path = "${authority.certificate}"
server_name = "frontend"
`,
    );
    set({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'mill' });
    expect(await runCampaign('by-profile')).toMatchObject(done);
    const { stdout } = await home.run('doctor');
    expect(stdout).toContain(`${proxy.address} (namespace default, TLS), by profile mill of ${file}`);
  });

  it('lets neither in without a client certificate, and both say so', async () => {
    set(server());
    for (const command of [['worker'], ['campaign', 'status', 'by-variables'], ['up']]) {
      const { exitCode, stdout, stderr } = await home.run(...command);
      expect({ command, exitCode, stdout }).toEqual({ command, exitCode: 4, stdout: '' });
      expect(stderr).toContain(`the Temporal server at ${proxy.address} (namespace default, TLS) wants a client certificate`);
      expect(stderr).toContain('→ give one: TEMPORAL_TLS_CLIENT_CERT_PATH');
    }
  });
});
