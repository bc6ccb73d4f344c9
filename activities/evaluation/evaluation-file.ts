import { dirname, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { readYamlFile, type ValueIssue } from '../../platform/yaml-file.ts';
import { EvaluationFile } from '../../schemas/evaluation.ts';
import { Problem } from '../../schemas/problem.ts';
import { RunName } from '../../schemas/student.ts';
import { completeSettings, type PlanningNeeds } from '../planning/index.ts';

const hint = 'docs/evaluation.md describes every field';

/**
 * Reads an evaluation file (YAML, or JSON, which is YAML). Relative paths in it become absolute, taken from its folder; the
 * settings of each harness are completed by its schema, with `max_turns` of the evaluation. Throws `Problem` bad_evaluation
 * that names line, column and field of everything wrong with it.
 */
export async function readEvaluationFile(path: string, harnesses: PlanningNeeds['harnesses']): Promise<EvaluationFile> {
  return await readFor(path, harnesses, null);
}

/**
 * Reads an evaluation file for the students of a training: a file that serves no model of its own is an evaluation of each
 * of them, `<name>-<variant>`. `variant` is null for a model that the training does not make. Throws as above.
 */
export async function readEvaluationsOf(
  path: string,
  harnesses: PlanningNeeds['harnesses'],
  students: { training: string; variants: readonly string[] } | null,
): Promise<{ file: EvaluationFile; variant: string | null }[]> {
  if (students === null) return [{ file: await readFor(path, harnesses, null), variant: null }];
  const { training, variants } = students;
  const files: { file: EvaluationFile; variant: string | null }[] = [];
  for (const variant of variants) {
    const file = await readFor(path, harnesses, { training, variant });
    const served = file.model.serve?.training;
    const student = served?.startsWith(`${training}/`) === true ? served.slice(training.length + 1) : null;
    if (!files.some((other) => other.file.name === file.name)) files.push({ file, variant: student });
  }
  return files;
}

interface Student {
  training: string;
  variant: string;
}

async function readFor(path: string, harnesses: PlanningNeeds['harnesses'], student: Student | null): Promise<EvaluationFile> {
  const file = await readYamlFile(path, { code: 'bad_evaluation', hint });
  const parsed = EvaluationFile.safeParse(file.value);
  const sections = Sections.safeParse(file.value).data ?? {};
  const read = completeSettings(withTurns(sections.harnesses ?? {}, parsed.data?.max_turns ?? sections.max_turns), harnesses);
  const ofSchema: ValueIssue[] = (parsed.error?.issues ?? []).filter(
    ({ path: [section, name] }) => section !== 'harnesses' || name === undefined,
  );
  const issues = [...ofSchema, ...read.issues];
  if (!parsed.success || issues.length > 0) throw file.problem(issues);
  const evaluation = withAbsolutePaths({ ...parsed.data, harnesses: read.settings }, dirname(resolve(path)), harnesses);
  const complete = student === null ? evaluation : withStudent(evaluation, student);
  const inconsistent = inconsistencies(complete);
  if (inconsistent.length > 0) throw file.problem(inconsistent);
  return complete;
}

/** Serves the student where the file says how to serve, and not what. */
function withStudent(file: EvaluationFile, { training, variant }: Student): EvaluationFile {
  const { serve } = file.model;
  if (serve === undefined || serve.checkpoint !== undefined || serve.training !== undefined) return file;
  const name = RunName.safeParse(`${file.name}-${variant}`);
  if (!name.success) {
    throw new Problem('bad_evaluation', `${file.name}-${variant} is no name of an evaluation: 40 characters at most`, {
      hint: 'give the evaluation or the variant a shorter name',
    });
  }
  return {
    ...file,
    name: name.data,
    model: { ...file.model, name: `${file.model.name}-${variant}`, serve: { ...serve, training: `${training}/${variant}` } },
  };
}

const Sections = z.object({ harnesses: z.record(z.string(), z.unknown()).optional(), max_turns: z.int().optional() });

/** The limit of turns belongs to the protocol of an evaluation; a harness may still have one of its own. */
function withTurns(sections: Record<string, unknown>, max_turns: number | undefined): Record<string, unknown> {
  const own = z.record(z.string(), z.unknown());
  return Object.fromEntries(
    Object.entries(sections).map(([name, section]) => {
      const settings = own.safeParse(section ?? {});
      return [name, settings.success && max_turns !== undefined ? { max_turns, ...settings.data } : section];
    }),
  );
}

function withAbsolutePaths(file: EvaluationFile, folder: string, harnesses: PlanningNeeds['harnesses']): EvaluationFile {
  const absolute = (path: string) => (isAbsolute(path) || /^https?:/.test(path) ? path : resolve(folder, path));
  /** A program without a slash is looked for on the path. */
  const program = (name: string) => (name.includes('/') ? absolute(name) : name);
  const { serve } = file.model;
  return {
    ...file,
    benchmark: { ...file.benchmark, data: file.benchmark.data.map(absolute) },
    harnesses: Object.fromEntries(
      Object.entries(file.harnesses).map(([name, settings]) => {
        const paths = harnesses.find((harness) => harness.name === name)?.paths ?? [];
        const made = Object.entries(settings).map(([key, value]) => [
          key,
          paths.includes(key) && typeof value === 'string' ? absolute(value) : value,
        ]);
        return [name, Object.fromEntries(made)];
      }),
    ),
    model: {
      ...file.model,
      ...(serve !== undefined && {
        serve: {
          ...serve,
          ...(serve.checkpoint !== undefined && { checkpoint: absolute(serve.checkpoint) }),
          ...(serve.program !== undefined && { program: program(serve.program) }),
        },
      }),
    },
    ...(file.grader !== 'none' && {
      grader: { ...file.grader, ...(file.grader.checkout !== undefined && { checkout: absolute(file.grader.checkout) }) },
    }),
  };
}

/** What the schema alone cannot check. */
function inconsistencies({ name, model, modes, subset, only, baseline }: EvaluationFile): ValueIssue[] {
  const { endpoint, serve, base } = model;
  const issue = (path: string[], message: string): ValueIssue => ({ path, message });
  return [
    ...((endpoint === undefined) === (serve === undefined)
      ? [issue(['model'], 'either endpoint (a server that runs) or serve (one that is started) has to be there')]
      : []),
    ...(serve !== undefined && (serve.checkpoint === undefined) === (serve.training === undefined)
      ? [issue(['model', 'serve'], 'either checkpoint (a folder) or training (NAME/VARIANT) has to be there')]
      : []),
    ...(serve?.checkpoint !== undefined && base === undefined
      ? [issue(['model'], 'base is missing: it decides chat template and parsers of the server (thinking, instruct or coder)')]
      : []),
    ...(serve === undefined
      ? []
      : Object.entries(modes).flatMap(([mode, own]) =>
          own.model === undefined ? [] : [issue(['modes', mode, 'model'], 'only an endpoint can have another model for a mode')],
        )),
    ...(subset !== undefined && only !== undefined ? [issue(['subset'], 'subset and only exclude each other')] : []),
    ...(baseline === name ? [issue(['baseline'], 'an evaluation cannot be compared with itself')] : []),
  ];
}
