import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { installPackages } from '../../infra/bootstrap/debian.ts';
import { findProgram } from '../../infra/bootstrap/system-command.ts';
import { freePort } from '../../platform/free-port.ts';

/** A Slurm of its own: this machine as two nodes, all files in one folder. Jobs of the partition `urgent` preempt those of `train`. */
export interface SlurmCluster {
  /** Value of SLURM_CONF for its clients. */
  configuration: string;
  /** Runs a client program of Slurm; gives its output, throws when it fails. */
  ask(program: string, ...args: string[]): Promise<string>;
  /** Ends the controller and starts it again on what it saved. */
  restartController(whileGone: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch'];

/** Starts it, after installing Debian's packages where they are not there. Needs root. Each node says that it has two GPUs. */
export async function startSlurm(folder: string): Promise<SlurmCluster> {
  if (programs.some((program) => findProgram(program) === undefined)) {
    await installPackages(['slurmctld', 'slurmd', 'slurm-client', 'munge', 'slurm-wlm-basic-plugins'], 'Slurm');
  }
  for (const name of ['state', 'spool-one', 'spool-two']) mkdirSync(join(folder, name), { recursive: true });
  // munge refuses folders that others may write to.
  chmodSync(folder, 0o755);
  const ports = [await freePort(0), await freePort(0), await freePort(0)];
  const configuration = join(folder, 'slurm.conf');
  writeFileSync(configuration, slurmConf(folder, ports));
  writeFileSync(
    join(folder, 'gres.conf'),
    `NodeName=one,two Name=gpu File=${folder}/gpu0\nNodeName=one,two Name=gpu File=${folder}/gpu1\n`,
  );
  // Slurm counts files and never opens them.
  for (const gpu of ['gpu0', 'gpu1']) writeFileSync(join(folder, gpu), '');
  writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });

  const children: ChildProcess[] = [];
  const start = (program: string, args: string[]): ChildProcess => {
    const log = openSync(join(folder, `${program}.out`), 'a');
    const child = spawn(findProgram(program) ?? program, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, SLURM_CONF: configuration },
    });
    children.push(child);
    return child;
  };
  const at = (name: string) => join(folder, name);
  const munge = ['key-file=munge.key', 'socket=munge.sock', 'pid-file=munge.pid', 'log-file=munge.log', 'seed-file=munge.seed'];
  start('munged', ['--foreground', '--force', ...munge.map((option) => `--${option.replace('=', `=${folder}/`)}`)]);
  const stop = async () => {
    for (const child of children.toReversed()) await end(child);
  };
  const up = async (asked: () => Promise<boolean>, what: string, log: string) => {
    if (await comesUp(asked)) return;
    await stop();
    throw new Error(`${what} does not come up:\n${existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : ''}`);
  };
  await up(async () => existsSync(at('munge.sock')), 'munged', at('munged.out'));
  let controller = start('slurmctld', ['-D', '-f', configuration]);
  for (const node of ['one', 'two']) start('slurmd', ['-D', '-N', node, '-f', configuration]);

  const ask = async (program: string, ...args: string[]) =>
    (await promisify(execFile)(program, args, { env: { ...process.env, SLURM_CONF: configuration } })).stdout;
  const idle = async () => /^one,two idle$|^two,one idle$/m.test(await ask('sinfo', '-h', '-o', '%N %T').catch(() => ''));
  await up(idle, 'Slurm', at('slurmctld.log'));
  return {
    configuration,
    ask,
    async restartController(whileGone) {
      await end(controller);
      await whileGone();
      controller = start('slurmctld', ['-D', '-f', configuration]);
      await up(
        async () =>
          await ask('sinfo').then(
            () => true,
            () => false,
          ),
        'Slurm',
        at('slurmctld.log'),
      );
    },
    stop,
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}

async function comesUp(asked: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await delay(100)) if (await asked()) return true;
  return false;
}

function slurmConf(folder: string, [controller, one, two]: number[]): string {
  return `ClusterName=tracemill
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.sock
CryptoType=crypto/munge
SlurmctldPort=${controller}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=${folder}/jobcomp.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SchedulerParameters=batch_sched_delay=1,sched_interval=2
MinJobAge=3600
KillWait=15
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
GresTypes=gpu
NodeName=one NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${one} CPUs=${availableParallelism()} RealMemory=8000 Gres=gpu:2
NodeName=two NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${two} CPUs=${availableParallelism()} RealMemory=8000 Gres=gpu:2
PartitionName=train Nodes=ALL Default=YES MaxTime=120 PriorityTier=1 State=UP
PartitionName=urgent Nodes=ALL MaxTime=120 PriorityTier=10 State=UP
`;
}
