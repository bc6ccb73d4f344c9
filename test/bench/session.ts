import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { GatewayClient } from '../../activities/model/gateway/client.ts';
import { requestBody } from '../../activities/model/request-body.ts';
import { patienceWithin } from '../../activities/model/long-pause.ts';
import { openModelSession } from '../../activities/model/session.ts';
import { Journal } from '../../activities/journal/journal.ts';
import { startTeacher } from '../../demo/scripted-teacher/server.ts';
import { Teacher } from '../../schemas/campaign.ts';
import { TeacherScript } from '../../schemas/teacher-script.ts';

/** Milliseconds a call. */
export interface Percentiles {
  p50: number;
  p99: number;
}

export interface SessionBench {
  exchanges: number;
  /** Size of a request's body in bytes. */
  request_bytes: number;
  /** The openai client alone, in this process. */
  client: Percentiles;
  /** The model session: gateway, journal and fsync included. */
  session: Percentiles;
  /** What the session adds: difference of the medians, and p99 of the session over the client's median. */
  overhead: Percentiles;
}

/**
 * Overhead of the model session per exchange against the bare openai client, both asking the same instant
 * teacher. Calls alternate, so that other work of the machine affects both alike.
 */
export async function benchSession(options: { exchanges?: number; historyMessages?: number } = {}): Promise<SessionBench> {
  const { exchanges = 400, historyMessages = 20 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-bench-'));
  const script = TeacherScript.parse({ name: 'instant', turns: [{ text: 'ok', calls: [{ run: 'ls' }], repeat: 'forever' }] });
  const server = await startTeacher({ scripts: [script] });
  const gateway = new GatewayClient({ home: folder, environment: { PATH: process.env['PATH'] }, idleSeconds: 30 });
  try {
    const teacher = Teacher.parse({ model: 'instant', base_url: server.url });
    const journal = await Journal.open(join(folder, 'journals', 'bench', 'journal.jsonl'));
    const session = openModelSession({
      gateway,
      journal,
      key: { campaign: 'bench', instance_id: 'bench', harness: 'openhands', mode: 'think', sample: 0 },
      teacher,
      teacherName: 'instant',
      budget: { tokens: 0, cost_usd: 0 },
      journals: join(folder, 'journals'),
      patience: patienceWithin(3_600_000),
    });
    const messages = history(historyMessages);
    const body = requestBody({ messages, tools: [] }, teacher, 'think');
    const client = new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 });
    const bare: number[] = [];
    const held: number[] = [];
    for (let exchange = 0; exchange < exchanges + warmUp; exchange++) {
      bare.push(await timed(() => drain(client, messages)));
      held.push(await timed(() => session.exchange({ exchange, turn: exchange, messages, tools: [] }, new AbortController().signal)));
    }
    await journal.close();
    const [clientTimes, sessionTimes] = [percentiles(bare.slice(warmUp)), percentiles(held.slice(warmUp))];
    return {
      exchanges,
      request_bytes: body.length,
      client: clientTimes,
      session: sessionTimes,
      overhead: { p50: round(sessionTimes.p50 - clientTimes.p50), p99: round(sessionTimes.p99 - clientTimes.p50) },
    };
  } finally {
    await gateway.stop(false);
    gateway.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

const warmUp = 50;

function history(length: number) {
  const content = 'A line of an observation, as long as lines in terminals are.\n'.repeat(20);
  const turns = Array.from({ length }, (_, index) =>
    index % 2 === 0 ? { role: 'user' as const, content } : { role: 'assistant' as const, content },
  );
  return [{ role: 'system' as const, content }, ...turns];
}

async function drain(client: OpenAI, messages: ReturnType<typeof history>): Promise<void> {
  const body = { model: 'instant', messages, stream: true as const, stream_options: { include_usage: true } };
  for await (const chunk of await client.chat.completions.create(body)) void chunk;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function percentiles(times: number[]): Percentiles {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

if (import.meta.main) console.log(await benchSession());
