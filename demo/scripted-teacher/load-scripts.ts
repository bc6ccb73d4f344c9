import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { Problem, messageOf } from '../../schemas/problem.ts';
import { type TeacherScript, TeacherScriptFile } from '../../schemas/teacher-script.ts';

/** Reads script files (YAML, of which JSON is a part) in the order given. */
export function loadScripts(files: readonly string[]): TeacherScript[] {
  return files.flatMap(loadFile);
}

function loadFile(file: string): TeacherScript[] {
  let document: unknown;
  try {
    document = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Problem('script_unreadable', `${file}: ${messageOf(error)}`, {
      cause: error,
      hint: 'a teacher script is a YAML or JSON file',
    });
  }
  const read = TeacherScriptFile.safeParse(document);
  if (!read.success) throw new Problem('script_invalid', `${file} is not a teacher script:\n${z.prettifyError(read.error)}`);
  for (const script of read.data) checkPatterns(file, script);
  return read.data;
}

function checkPatterns(file: string, { name, match }: TeacherScript): void {
  for (const pattern of [match.pattern, ...Object.values(match.headers)]) {
    try {
      if (pattern !== undefined) new RegExp(pattern);
    } catch (error) {
      throw new Problem('script_invalid', `${file}, script ${name}: ${messageOf(error)}`, { cause: error });
    }
  }
}
