import { access, constants } from 'node:fs/promises';
import type { z } from 'zod';
import type { JobNeeds } from '../../schemas/job.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { ensureEnvironment } from '../python/ensure-environment.ts';
import type { EnvironmentName } from '../python/environments.ts';
import { runTool } from '../python/run-tool.ts';
import type { ProgramOptions, SettingIssue, StudentToTrain, Trainer, TrainerCommand, TrainerPlan, TrainerSettings } from './trainer.ts';

/** A plan whose settings were read by the trainer's schema. */
export type PlanWith<Settings> = Omit<TrainerPlan, 'settings'> & { settings: Settings };

/** What a trainer consists of. */
interface TrainerDefinition<Settings extends TrainerSettings & { python: string | null }>
  extends Pick<Trainer, 'name' | 'version' | 'profile' | 'failureSigns' | 'readOutput' | 'checkpoints' | 'finalModel'> {
  schema: z.ZodType<Settings>;
  presets: Readonly<Record<string, Settings>>;
  /** The pinned environment that has it; null for a trainer that is installed by its user. */
  environment: EnvironmentName | null;
  /** Python modules that it imports with these settings, its own first. Their absence is told before a job is submitted. */
  modules: (settings: Settings) => string[];
  needs: (student: StudentToTrain, settings: Settings) => JobNeeds;
  /** Gives the issue when settings and needs do not go together. */
  configure: (plan: PlanWith<Settings>) => TrainerCommand | SettingIssue;
}

/** Makes a trainer of its parts. */
export function defineTrainer<Settings extends TrainerSettings & { python: string | null }>(
  definition: TrainerDefinition<Settings>,
): Trainer {
  const { name, version, schema, presets, environment, modules } = definition;
  const read = (settings: TrainerSettings): Settings => {
    const parsed = schema.safeParse(settings);
    if (parsed.success) return parsed.data;
    throw badTraining(name, parsed.error.issues);
  };
  return {
    ...definition,
    presets: Object.keys(presets),
    settings: (preset, replaced) => {
      const values = Object.hasOwn(presets, preset) ? presets[preset] : undefined;
      if (values === undefined) {
        return { issues: [{ path: [], message: `${name} has no preset "${preset}" (there are: ${Object.keys(presets).join(', ')})` }] };
      }
      const parsed = schema.safeParse({ ...values, ...replaced });
      return parsed.success ? { settings: parsed.data } : { issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) };
    },
    needs: (student) => definition.needs(student, read(student.settings)),
    configure: (plan) => {
      const command = definition.configure({ ...plan, settings: read(plan.settings) });
      if ('path' in command) throw badTraining(name, [command]);
      return command;
    },
    program: async (options) => {
      const settings = read(options.settings);
      let { python } = settings;
      if (python === null) {
        if (options.backend === 'kubernetes') return 'python3';
        if (environment === null) throw missing(name, `it is none that Tracemill installs`, version);
        ({ python } = await ensureEnvironment(environment, options));
      } else if (options.backend !== 'local') return python; // What is installed elsewhere cannot be seen from here.
      await requireModules(name, version, python, modules(settings), options);
      return python;
    },
  };
}

function badTraining(name: string, issues: readonly SettingIssue[]): Problem {
  const told = issues.map(({ path, message }) => `trainer.settings.${path.map(String).join('.')}: ${message}`);
  return new Problem('bad_training', `${name}: ${told.join('; ')}`, { hint: 'docs/training.md describes every setting' });
}

const lookForModules = `
import importlib.util, sys
lacking = [name for name in sys.argv[1:] if importlib.util.find_spec(name) is None]
sys.exit("no module " + ", ".join(lacking) if lacking else 0)
`;

async function requireModules(
  name: string,
  version: string,
  python: string,
  modules: readonly string[],
  { signal }: Pick<ProgramOptions, 'signal'>,
): Promise<void> {
  try {
    await access(python, constants.X_OK);
    await runTool(python, ['-c', lookForModules, ...modules], { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw missing(name, `${python} has not all of ${modules.join(', ')}: ${messageOf(error).split('\n').at(-1) ?? ''}`, version);
  }
}

function missing(name: string, what: string, version: string): Problem {
  return new Problem('trainer_missing', `the trainer ${name} is not installed: ${what}`, {
    hint: `install ${version} with what it lacks, and name its interpreter: trainer.settings.python; or take another trainer`,
  });
}
