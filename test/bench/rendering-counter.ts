import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { countTokens } from '../../activities/rendering/count-tokens.ts';
import { openStudentTokenizer } from '../../activities/rendering/student-tokenizer.ts';
import { Message, ToolDefinition } from '../../schemas/message.ts';
import { Mode } from '../../schemas/names.ts';

/** A program: counts the rows of a file for the Coder and prints what processor time the counting alone took, as JSON. */
const Row = z.object({ messages: z.array(Message), tools: z.array(ToolDefinition), mode: Mode });
const tokenizer = await openStudentTokenizer();
let [seconds, tokens, trained_tokens] = [0, 0, 0];
for await (const line of createInterface({ input: createReadStream(process.argv[2] ?? '') })) {
  const row = Row.parse(JSON.parse(line));
  const started = process.cpuUsage();
  const counts = countTokens(tokenizer, 'coder', row);
  const { user, system } = process.cpuUsage(started);
  seconds += (user + system) / 1e6;
  tokens += counts.tokens;
  trained_tokens += counts.trained_tokens;
}
process.stdout.write(JSON.stringify({ seconds, tokens, trained_tokens, most_memory: process.resourceUsage().maxRSS * 1024 }));
