import type { Figure } from './figure.ts';
import { benchSession } from './session.ts';

/** What the model session adds to an exchange: gateway, journal and its fsync. */
export async function sessionFigures(): Promise<Figure[]> {
  const { client, overhead, session, request_bytes } = await benchSession();
  const note = `over the bare client; requests of ${Math.round(request_bytes / 1000)} KB`;
  return [
    {
      name: 'session overhead per exchange, p50',
      unit: 'ms',
      ours: overhead.p50,
      target: { at: 'most', value: 2 },
      note,
    },
    { name: 'session overhead per exchange, p99', unit: 'ms', ours: overhead.p99, target: { at: 'most', value: 10 }, note },
    { name: 'exchange with an instant teacher, p50', unit: 'ms', ours: session.p50, peer: { name: 'openai client', value: client.p50 } },
  ];
}
