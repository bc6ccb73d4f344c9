import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { Exchange } from '../../../schemas/turn.ts';
import type { Spent } from './campaign-budget.ts';

const Paid = z.object({ type: z.literal('exchange'), ...Exchange.pick({ usage: true, cost_usd: true }).shape });

/** What a campaign's journals on this host say it has spent. Streams through the files, so size does not matter. */
export async function journalledSpending(journals: string, campaign: string): Promise<Spent> {
  const spent: Spent = { tokens: 0, cost_usd: 0 };
  for (const file of await journalFiles(join(journals, campaign))) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      // Observations are by far the most bytes; they are not worth parsing here.
      if (!line.includes('"type":"exchange"')) continue;
      const paid = Paid.safeParse(jsonBehindChecksum(line));
      if (!paid.success) continue;
      spent.tokens += paid.data.usage.prompt_tokens + paid.data.usage.completion_tokens;
      spent.cost_usd += paid.data.cost_usd;
    }
  }
  return spent;
}

async function journalFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl')).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** Undefined for a line that its writer did not finish; the journal's owner cuts it. */
function jsonBehindChecksum(line: string): unknown {
  try {
    return JSON.parse(line.slice(9));
  } catch {
    return undefined;
  }
}
