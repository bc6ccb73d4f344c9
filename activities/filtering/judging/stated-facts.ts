import { z } from 'zod';
import { readYamlFile } from '../../../platform/yaml-file.ts';
import type { Language } from '../../../schemas/names.ts';

/** What the user says of rows that do not say it themselves. */
export interface StatedFacts {
  /** SPDX name or expression, for every repository that `licences` lacks. */
  licence?: string;
  /** Repository, in lower case → its licence. */
  licences?: ReadonlyMap<string, string>;
  repo?: string;
  language?: Language;
}

const Licences = z.record(z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'owner/name'), z.string().min(1));

/** Reads a YAML or JSON file of `owner/name: licence`. Throws `Problem` bad_licences with line and field. */
export async function readLicences(path: string): Promise<ReadonlyMap<string, string>> {
  const file = await readYamlFile(path, { code: 'bad_licences', hint: 'one line a repository: owner/name: MIT' });
  const parsed = Licences.safeParse(file.value);
  if (!parsed.success) throw file.problem(parsed.error.issues);
  return new Map(Object.entries(parsed.data).map(([repo, licence]) => [repo.toLowerCase(), licence]));
}
