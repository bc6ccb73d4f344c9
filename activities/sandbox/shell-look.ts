/** What the control shell says about a command: its state and the output from a block on. */
export type Look =
  | { kind: 'lost' | 'unknown' | 'asked' | 'no_fork' }
  | {
      kind: 'known';
      status: 'running' | 'exited' | 'shell_exited' | 'killed';
      exitCode: number | null;
      /** Why the command was interrupted; empty when it was not. */
      cut: string;
      /** False once nothing reads the command's output any more: what is there is all that will come. */
      reading: boolean;
      cwd: string;
      output: Buffer;
      outputEnd: number | null;
    };

export const blockBytes = 4096;

const states = { running: 'running', exited: 'exited', shell_exited: 'shell_exited', killed: 'killed' } as const;

function statusOf(word: string): keyof typeof states | undefined {
  return Object.values(states).find((state) => state === word);
}

/**
 * Reads the answer to `r_look`. `output` begins at the block that was asked for; `outputEnd` is where in it the
 * command's own output ends, null while the end is not there yet.
 */
export function parseLook(reply: Buffer): Look {
  const nul = reply.indexOf(0);
  if (nul === -1) {
    const word = reply.toString('latin1');
    return { kind: word === 'asked' || word === 'unknown' ? word : 'lost' };
  }
  const [state = '', marker = '', cut = '', reading = '', ...cwd] = reply.toString('utf8', 0, nul).split('\n');
  const [word = '', code = ''] = state.split(' ');
  const status = statusOf(word);
  if (status === undefined) return { kind: 'lost' };
  const output = reply.subarray(nul + 1);
  if (output.subarray(-8).equals(Buffer.from('\0nofork\0'))) return { kind: 'no_fork' };
  const found = marker === '' ? -1 : output.indexOf(marker);
  const exitCode = /^\d{1,3}$/.test(code) ? Number(code) : null;
  return {
    kind: 'known',
    status,
    exitCode: status === 'running' ? null : exitCode,
    cut,
    reading: reading !== '',
    cwd: cwd.join('\n'),
    output,
    outputEnd: found === -1 ? null : found,
  };
}

/** How many bytes at the end of `bytes` are the beginning of a UTF-8 character whose rest is not there yet. */
export function unfinishedCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes.readUInt8(bytes.length - back);
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back && byte < 0xf8 ? back : 0;
  }
  return 0;
}
