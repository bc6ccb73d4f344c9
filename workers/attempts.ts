import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AsyncCompletionClient } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { z } from 'zod';

/** The activity itself did not fail, so its next attempt need not wait longer for each worker that died. */
export const takeOverAfter = '500 milliseconds';

const Attempt = z.object({ token: z.string(), activity: z.string(), workflow_id: z.string() });
type Attempt = z.infer<typeof Attempt>;

/**
 * Which activity attempts are under way in this home. A worker that starts knows that those of its killed
 * predecessor are dead and reports that to the server, which need not wait for their heartbeat to time out.
 */
export class Attempts {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Returns what to call when the attempt has ended. */
  begin(attempt: Attempt): () => void {
    const path = join(this.#folder, `${createHash('sha256').update(attempt.token).digest('hex').slice(0, 32)}.json`);
    writeFileSync(path, JSON.stringify(attempt));
    return () => rmSync(path, { force: true });
  }

  /** Fails what an earlier worker left unfinished, so that it is tried again at once. Returns how many there were. */
  async abandon(client: AsyncCompletionClient): Promise<number> {
    const files = readdirSync(this.#folder).filter((name) => name.endsWith('.json'));
    let abandoned = 0;
    for (const file of files) {
      const path = join(this.#folder, file);
      const attempt = readAttempt(path);
      if (attempt !== undefined && (await fail(client, attempt))) abandoned += 1;
      rmSync(path, { force: true });
    }
    return abandoned;
  }
}

/** A worker killed while writing leaves a torn file; its attempt then ends by its heartbeat. */
function readAttempt(path: string): Attempt | undefined {
  try {
    return Attempt.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

async function fail(client: AsyncCompletionClient, { token, activity }: Attempt): Promise<boolean> {
  try {
    await client.fail(
      Buffer.from(token, 'base64'),
      ApplicationFailure.create({
        type: 'worker_lost',
        message: `the worker that carried out ${activity} died`,
        category: ApplicationFailureCategory.BENIGN,
        nextRetryDelay: takeOverAfter,
      }),
    );
    return true;
  } catch {
    // It has ended meanwhile, or the server knows nothing of it; what cannot be failed ends by its heartbeat.
    return false;
  }
}
