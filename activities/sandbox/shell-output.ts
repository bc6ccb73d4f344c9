import { stateFolder } from './container-limits.ts';
import { unfinishedCharacter } from './shell-look.ts';

/** ECMA-48: control sequences, strings up to their end (titles, links), and escapes of one or two characters. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const escapeSequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~]|)/g;

/** What a shell sets before its messages: it runs commands out of a file of ours, which a user's shell does not. */
const place = new RegExp(`^(?:sh: )?(?:\\d+: )?${stateFolder}/(bash|sh): (?:eval: )?(?:line )?(?:(\\d+): )?`, 'gm');

/**
 * The output of a command as an interactive shell shows it: without colours and other escape sequences, without the carriage
 * returns of line ends, and with messages of the shell that name no file of ours. Lines are numbered where there are several.
 */
export function plainOutput(output: string): string {
  return output
    .replaceAll(escapeSequence, '')
    .replaceAll(/\r+\n/g, '\n')
    .replaceAll(place, (_all, shell: string, line: string | undefined) =>
      line === undefined || line === '1' ? `${shell}: ` : `${shell}: line ${line}: `,
    );
}

/** Longer escape sequences are not waited for. */
const longestEscape = 256;

/** Bytes at the end of an output that is still being written which only mean something with those to come. */
export function unfinishedOutput(bytes: Buffer): number {
  if (bytes.at(-1) === 0x0d) return 1;
  const escape = bytes.lastIndexOf(0x1b);
  if (escape !== -1 && bytes.length - escape <= longestEscape && !endsEscape(bytes.toString('latin1', escape)))
    return bytes.length - escape;
  return unfinishedCharacter(bytes);
}

function endsEscape(text: string): boolean {
  escapeSequence.lastIndex = 0;
  const found = escapeSequence.exec(text);
  // The beginning alone of one passes for a short one.
  return found !== null && found.index === 0 && !/^.[[\]PX^_]?$/.test(found[0]);
}
