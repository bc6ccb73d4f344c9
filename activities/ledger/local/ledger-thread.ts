import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { LedgerFile } from './ledger-file.ts';
import type { Answer, Asked, Request, SentProblem } from './requests.ts';

export interface LedgerThreadData {
  path: string;
}

/** The thread of a local ledger: what blocks on the disk or on other processes blocks here and nowhere else. */
function serve(port: MessagePort, { path }: LedgerThreadData): void {
  const file = new LedgerFile(path);
  const answer = async ({ id, request }: Asked): Promise<void> => {
    const given: Answer = await carryOut(file, request).then(
      (value) => ({ id, value }),
      (error: unknown) => ({ id, problem: problemOf(error, path) }),
    );
    port.postMessage(given);
  };
  port.on('message', (asked: Asked) => void answer(asked));
}

async function carryOut(file: LedgerFile, request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'read':
      return file.read(request.query, request.values);
    case 'write':
      return file.write(request.write);
    case 'remove':
      return file.removeCampaign(request.campaign);
    case 'close':
      return file.close();
  }
}

function problemOf(error: unknown, path: string): SentProblem {
  if (error instanceof Problem) return { code: error.code, message: error.message, hint: error.hint };
  const message = `the ledger at ${path}: ${messageOf(error)}`;
  if (isDiskFull(error)) return { code: 'disk_full', message, hint: 'make room on that disk' };
  return { code: 'ledger_failed', message, hint: 'if the file is damaged, delete it: it is made again from the records beside it' };
}

/** ENOSPC from the log, SQLITE_FULL from the database. */
function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ENOSPC') || ('errcode' in error && error.errcode === 13);
}

if (!isMainThread && parentPort !== null) serve(parentPort, workerData);
