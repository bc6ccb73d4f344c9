import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { messageOf, Problem } from '../schemas/problem.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { withRecords } from './records.ts';
import { usualPort } from '../web/server/live/page-address.ts';

/** `tracemill web`: the pages of this home. */
export function webCommand() {
  return new Command('web')
    .description('Serves the pages of this home: campaigns as they run, rollouts turn by turn, funnels, students; and steers campaigns.')
    .option('--host <address>', 'address to listen on; other machines need --token-file', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', portOrFree, usualPort)
    .option('--read-only', 'show everything, change nothing: no steering')
    .option('--token-file <file>', 'file with a long random text that whoever opens the pages needs')
    .option('--name <host...>', 'names under which a server in front of it is asked, such as pages.example.org:443')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill web\n  $ tracemill web --port 0 --read-only\n  $ tracemill web --host 0.0.0.0 --token-file token.txt --name lab-7:9233\n\nThe address with the token is printed once; the token is never part of an address that a server sees.\nCtrl-C ends it, and so does `tracemill down`. docs/web.md says more.',
    )
    .action(async ({ host, port, readOnly = false, tokenFile, name = [] }, command) => {
      const token = tokenFile === undefined ? null : readToken(tokenFile);
      const { servePages } = await import('../web/server/live/serve-pages.ts');
      const signal = interruption();
      await withRecords(async (records) => {
        const serving = await servePages(records, { host, port, token, names: name, readOnly, listed: true });
        const address = token === null ? serving.url : `${serving.url}#token=${token}`;
        printResult(command, { url: address, read_only: readOnly }, `pages of this home${readOnly ? ', read-only' : ''}: ${address}`);
        note('end them with Ctrl-C');
        try {
          if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        } finally {
          await serving.close();
        }
      });
    });
}

/** A token short enough to be guessed would be none. */
const shortest = 16;

function readToken(path: string): string {
  let token: string;
  try {
    token = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new Problem('bad_token_file', `the token file ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (token.length >= shortest && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new Problem('bad_token_file', `the token in ${path} has ${token.length} characters, or some that are no plain ones`, {
    hint: `a token has ${shortest} letters and digits or more, as of: openssl rand -hex 24`,
  });
}

function portOrFree(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new InvalidArgumentError('a port is a number from 0, which takes a free one, to 65535.');
  }
  return number;
}
