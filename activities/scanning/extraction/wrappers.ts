import { nameTable } from '../../../schemas/name-table.ts';

/** How a program that runs another one takes its own arguments. */
interface Wrapper {
  /** Short options whose value is the next word. */
  values?: string;
  /** Long options whose value is the next word. */
  longValues?: string[];
  /** Words before the command that belong to the wrapper itself. */
  positionals?: number;
  /** `NAME=value` words before the command. */
  assigns?: boolean;
}

const wrappers: Record<string, Wrapper> = nameTable({
  env: { values: 'uC', longValues: ['--unset', '--chdir'], assigns: true },
  sudo: { values: 'ugphCTrtDRU', longValues: ['--user', '--group', '--prompt', '--chdir'], assigns: true },
  doas: { values: 'uC' },
  timeout: { values: 'sk', longValues: ['--signal', '--kill-after'], positionals: 1 },
  gtimeout: { values: 'sk', positionals: 1 },
  nice: { values: 'n', longValues: ['--adjustment'] },
  ionice: { values: 'cnp', longValues: ['--class', '--classdata'] },
  nohup: {},
  setsid: {},
  time: { values: 'fo', longValues: ['--format', '--output'] },
  stdbuf: { values: 'ioe', longValues: ['--input', '--output', '--error'] },
  unbuffer: {},
  builtin: {},
  command: {},
  exec: { values: 'a' },
  chroot: { positionals: 1 },
  taskset: { positionals: 1 },
  chrt: { positionals: 1 },
  numactl: {},
  setarch: { positionals: 1 },
  prlimit: {},
  strace: { values: 'eoPpsSuXabI' },
  ltrace: { values: 'eopsSuanl' },
  catchsegv: {},
  valgrind: {},
  faketime: { positionals: 1 },
  fakeroot: {},
  proot: { values: 'rbwq' },
  unshare: {},
  nsenter: { values: 't' },
  firejail: {},
  bwrap: {},
  caffeinate: {},
  busybox: {},
  toybox: {},
  'systemd-run': {},
  'dbus-run-session': {},
  'xvfb-run': {},
  'start-stop-daemon': {},
  'ssh-agent': {},
  rlwrap: {},
  winpty: {},
  entr: {},
  coproc: {},
  chronic: {},
  gosu: { positionals: 1 },
  'su-exec': { positionals: 1 },
  setpriv: {},
  runuser: { values: 'ugc' },
  parallel: { values: 'jSPINanL' },
  watch: { values: 'n', longValues: ['--interval'] },
  xargs: { values: 'nILPdEsa', longValues: ['--max-args', '--max-procs', '--delimiter', '--arg-file', '--max-lines'] },
  flock: { values: 'wE', longValues: ['--timeout', '--wait'], positionals: 1 },
  noglob: {},
  nocorrect: {},
});

/** Tools that run what follows their own subcommand. */
const runners: Record<string, string[]> = nameTable({
  uv: ['run'],
  poetry: ['run'],
  pipenv: ['run'],
  pdm: ['run'],
  hatch: ['run'],
  rye: ['run'],
  conda: ['run'],
  mamba: ['run'],
  micromamba: ['run'],
  bundle: ['exec'],
  pnpm: ['exec', 'dlx'],
  mise: ['exec'],
  asdf: ['exec'],
  direnv: ['exec'],
  rtx: ['exec'],
  docker: ['exec', 'run'],
  podman: ['exec', 'run'],
  coverage: ['run'],
  rustup: ['run'],
});

/** The command that a wrapper runs, or undefined for a program that wraps none. Its options are skipped. */
export function wrappedCommand(program: string, args: string[]): string[] | undefined {
  const wrapper = wrappers[program];
  if (wrapper !== undefined) return behindOptions(wrapper, args);
  const subcommands = runners[program];
  if (subcommands === undefined || subcommands.length === 0) return undefined;
  const at = args.findIndex((arg) => subcommands.includes(arg));
  if (at === -1) return undefined;
  const rest = args.slice(at + 1);
  if (program === 'docker' || program === 'podman') return behindImage(rest);
  // A toolchain's name stands before the command.
  if (program === 'rustup') return rest.slice(1);
  return behindOptions(program === 'conda' || program === 'mamba' || program === 'micromamba' ? { values: 'np' } : {}, rest);
}

function behindImage(args: string[]): string[] {
  const rest = behindOptions(
    { values: 'evwuplhm', longValues: ['--name', '--env', '--volume', '--workdir', '--user', '--network', '--entrypoint'] },
    args,
  );
  return rest.slice(1);
}

function behindOptions(wrapper: Wrapper, args: string[]): string[] {
  let at = 0;
  let positionals = wrapper.positionals ?? 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at += 1 + positionals;
      break;
    }
    if (arg.startsWith('--')) {
      if (wrapper.longValues?.includes(arg) === true) at += 1;
    } else if (/^-./.test(arg)) {
      if (arg.length === 2 && wrapper.values?.includes(arg.charAt(1)) === true) at += 1;
    } else if (wrapper.assigns !== true || !/^\w+=/.test(arg)) {
      if (positionals === 0) break;
      positionals -= 1;
    }
  }
  return args.slice(at);
}
