import { z } from 'zod';
import { pythonLiteral } from '../../syntax/python-literal.ts';

const Strings = z.array(z.string());

/** The strings of a list as Python writes it (`['a', "it's"]`) or as JSON does; undefined for anything else. Nothing is evaluated. */
export function pythonStrings(text: string): string[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  return Strings.safeParse(jsonOrPython(text)).data;
}

function jsonOrPython(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return pythonLiteral(text, { arrays: false });
  }
}
