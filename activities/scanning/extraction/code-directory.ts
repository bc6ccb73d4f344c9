import { dynamicText } from './shell-syntax.ts';

/** A literal, or a name with what is read of it: `dir`, `this.dir`, `d.path()`, `File.join(root, "a")`. */
const expression = String.raw`(?:["'\`]([^"'\`\n]*)["'\`]|([@$&]?[A-Za-z_][\w.$]*))`;
const atCall = new RegExp(
  String.raw`(?:\b(?:cwd|chdir|workingDirectory|WorkingDirectory)["']?\s*(?::|=>|=)|\.\s*(?:current_dir|directory)\s*\()\s*(?:new\s+File\(\s*)?${expression}`,
);
const shorthand = /[{,]\s*cwd\s*[,}]/;
const entering = new RegExp(
  String.raw`\b(?:process\.chdir|Dir\.chdir|os\.Chdir|set_current_dir|chdir|lfs\.chdir)\s*\(?\s*${expression}`,
  'g',
);
const ofCommand = new RegExp(String.raw`\.Dir\s*=\s*${expression}`);

/** Where a call runs that stands in a program from one place to another. */
export type DirectoryFinder = (from: number, to: number) => string | undefined;

/** Says where the calls of a program run, by its options and by its changes of directory; undefined where nothing tells. */
export function directoryFinder(source: string, names: ReadonlyMap<string, string[]>): DirectoryFinder {
  const entered = [...source.matchAll(entering)].map((match) => ({ at: match.index, path: pathOf(match[1], match[2], names) }));
  // Go sets the directory on the command, before or after its words.
  const command = ofCommand.exec(source);
  const everywhere = command === null ? undefined : pathOf(command[1], command[2], names);
  return (from, to) => {
    const statement = source.slice(from, Math.min(to + 400, endOfStatement(source, to)));
    const own = atCall.exec(statement);
    if (own !== null) return pathOf(own[1], own[2], names);
    if (shorthand.test(statement)) return `${dynamicText}/cwd`;
    return entered.findLast(({ at }) => at < from)?.path ?? everywhere;
  };
}

/** The text of a path; an unknown one is told from others by the name that holds it. */
export function pathOf(literal: string | undefined, name: string | undefined, names: ReadonlyMap<string, string[]>): string {
  if (literal !== undefined) return literal.replace(/\$\{[^}]*\}|#\{[^}]*\}/g, dynamicText);
  const plain = (name ?? '').replace(/^[@$&]/, '').replace(/^(?:this|self)\./, '');
  const known = names.get(name ?? '') ?? names.get(plain);
  if (known?.length === 1 && known[0] !== undefined) return known[0];
  return `${dynamicText}/${plain.replace(/\..*$/s, '')}`;
}

function endOfStatement(source: string, from: number): number {
  const end = /;|\n\s*\n|\}\s*\n/.exec(source.slice(from, from + 400));
  return end === null ? from + 400 : from + end.index;
}
