import { dirname, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { nearestName } from '../../platform/nearest-name.ts';
import { readYamlFile, type ValueIssue } from '../../platform/yaml-file.ts';
import { TrainingFile } from '../../schemas/training.ts';
import type { Trainer } from './trainer.ts';

/** What reading a file asks of a trainer. */
type ReadableTrainer = Pick<Trainer, 'name' | 'presets' | 'settings'>;

/**
 * Reads a training file (YAML). Relative paths in it become absolute, taken from its folder; `release`, an absolute path, is
 * what it learns from where it names none. Throws `Problem` bad_training that names line, column and field of everything
 * wrong with it.
 */
export async function readTrainingFile(path: string, trainers: readonly ReadableTrainer[], release?: string): Promise<TrainingFile> {
  const file = await readYamlFile(path, { code: 'bad_training', hint: 'docs/training.md describes every field' });
  const section = z.record(z.string(), z.unknown()).safeParse(file.value);
  const parsed = TrainingFile.safeParse(release !== undefined && section.success ? { release, ...section.data } : file.value);
  if (!parsed.success) throw file.problem(parsed.error.issues.map((issue) => hinted(issue, file.value)));
  const issues = trainerIssues(parsed.data, trainers);
  if (issues.length > 0) throw file.problem(issues);
  return withAbsolutePaths(parsed.data, dirname(resolve(path)));
}

/** What the trainer says of its settings, those of each variant over those of all. */
export function trainerIssues({ trainer: asked, variants }: TrainingFile, trainers: readonly ReadableTrainer[]): ValueIssue[] {
  const trainer = trainers.find(({ name }) => name === asked.name);
  if (trainer === undefined) {
    const names = trainers.map(({ name }) => name);
    return [
      {
        path: ['trainer', 'name'],
        message: `no trainer is called "${asked.name}"${nearest(asked.name, names)} (there are: ${names.join(', ')})`,
      },
    ];
  }
  if (!trainer.presets.includes(asked.preset)) {
    const near = nearest(asked.preset, trainer.presets);
    return [
      {
        path: ['trainer', 'preset'],
        message: `${trainer.name} has no preset "${asked.preset}"${near} (there are: ${trainer.presets.join(', ')})`,
      },
    ];
  }
  const shared = trainer.settings(asked.preset, asked.settings);
  if ('issues' in shared) return shared.issues.map((issue) => ({ ...issue, path: ['trainer', 'settings', ...issue.path] }));
  return Object.entries(variants).flatMap(([name, variant]) => {
    const read = trainer.settings(asked.preset, { ...asked.settings, ...variant.settings });
    return 'issues' in read ? read.issues.map((issue) => ({ ...issue, path: ['variants', name, 'settings', ...issue.path] })) : [];
  });
}

/** What was probably meant, where only some words are allowed. */
function hinted(issue: z.core.$ZodIssue, value: unknown): ValueIssue {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return {
      path: [...path, ...issue.keys.slice(0, 1)],
      message: `no such field${issue.keys.map((key) => nearest(key, known)).join('')} (there are: ${known.join(', ')})`,
    };
  }
  const given = path.reduce<unknown>(
    (inside, key) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, key) : undefined),
    value,
  );
  if (issue.code !== 'invalid_value' || typeof given !== 'string') return { path, message };
  return { path, message: `${message}${nearest(given, issue.values.map(String))}` };
}

/** `; did you mean …?`, or nothing where no name is near. */
function nearest(name: string, names: readonly string[]): string {
  const found = nearestName(name, names);
  return found === undefined ? '' : `; did you mean ${found}?`;
}

/** Fields of the section at a path of a training file. */
function knownKeys([section, , inner]: readonly PropertyKey[]): string[] {
  const shape = TrainingFile.shape;
  if (section === undefined) return Object.keys(shape);
  if (section === 'trainer') return Object.keys(shape.trainer.shape);
  if (section !== 'variants') return [];
  return inner === 'rows' ? ['modes', 'outcomes', 'languages', 'harnesses'] : ['base', 'model', 'tokenizer_sha256', 'rows', 'settings'];
}

function withAbsolutePaths(file: TrainingFile, folder: string): TrainingFile {
  const absolute = (path: string) => (isAbsolute(path) ? path : resolve(folder, path));
  // A name on a hub looks like `owner/model`; a folder says that it is one.
  const model = (name: string) => (/^\.{0,2}\//.test(name) || name === '.' ? absolute(name) : name);
  return {
    ...file,
    release: absolute(file.release),
    variants: Object.fromEntries(
      Object.entries(file.variants).map(([name, variant]) => [
        name,
        variant.model === undefined ? variant : { ...variant, model: model(variant.model) },
      ]),
    ),
  };
}
