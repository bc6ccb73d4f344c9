import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { alarmText, postAlarm } from '../../activities/evaluation/alarm/webhook.ts';
import type { Alarm } from '../../schemas/alarm.ts';

const alarm: Alarm = {
  evaluation: 'nightly-20260131',
  baseline: 'nightly-20260120',
  verdict: 'regression',
  reasons: ['openhands/think: −16.0 points on 200 instances, p = 0.0012'],
  tests: [{ cell: 'openhands/think', instances: 200, difference: -0.16, p: 0.0012, p_corrected: 0.0012, detectable: 0.12 }],
};

/** A server that answers one request after another as told, the last answer again and again; gives what it was sent. */
async function receiver(...answers: ((request: IncomingMessage, response: ServerResponse) => void)[]) {
  const bodies: string[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      bodies.push(body);
      (answers[Math.min(asked++, answers.length - 1)] ?? status(200))(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}/hooks/secret`, bodies };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(code, headers).end('answer');
const fast = { pauseMs: 5, timeoutMs: 300 };

it('posts the alarm as JSON with a text for chats', async () => {
  const { url, bodies } = await receiver(status(204));
  await postAlarm(url, alarm, fast);
  expect(bodies).toHaveLength(1);
  const sent = z.object({ text: z.string(), alarm: z.unknown() }).parse(JSON.parse(bodies[0] ?? ''));
  expect(sent.alarm).toEqual(alarm);
  expect(sent.text).toBe(alarmText(alarm));
  expect(sent.text).toContain('nightly-20260131 against nightly-20260120: regression. openhands/think: −16.0 points');
});

it('tries again after an answer that may change, and after silence', async () => {
  const { url, bodies } = await receiver(status(503), status(429), () => undefined, status(200));
  await postAlarm(url, alarm, fast);
  expect(bodies).toHaveLength(4);
});

it.each([
  ['refused for good', status(404), 1, /it answered 404/],
  ['sent elsewhere', status(302, { location: 'http://127.0.0.1:1/' }), 1, /it answered 302/],
  ['broken all the time', status(500), 3, /it answered 500/],
])('says that it failed when %s, without the secret path', async (_, answer, times, message) => {
  const { url, bodies } = await receiver(answer);
  const failure = await postAlarm(url, alarm, { ...fast, tries: 3 }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'webhook_failed', message: expect.stringMatching(message) });
  expect(String(failure)).not.toContain('secret');
  expect(bodies).toHaveLength(times);
});

it('says that nobody answers there', async () => {
  const failure = await postAlarm('http://127.0.0.1:9/x', alarm, { ...fast, tries: 2 }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'webhook_failed', message: expect.stringMatching(/127\.0\.0\.1:9/) });
});

it('ends when it is asked to', async () => {
  const { url } = await receiver(status(500));
  const controller = new AbortController();
  const posted = postAlarm(url, alarm, { pauseMs: 60_000, signal: controller.signal });
  setTimeout(() => controller.abort(new Error('stopped')), 50);
  await expect(posted).rejects.toThrow(/abort|stopped/i);
});
