import { asking, key } from './rig.ts';
import { GatewayClient } from '../../activities/model/gateway/client.ts';
import { patienceWithin } from '../../activities/model/long-pause.ts';
import { openModelSession } from '../../activities/model/session.ts';
import { Journal, journalPath } from '../../activities/journal/journal.ts';
import { Teacher } from '../../schemas/campaign.ts';

/** A worker that tests kill: `node worker.ts HOME TEACHER_URL EXCHANGES` goes on where the journal ends. */
const [home = '', url = '', exchanges = '1'] = process.argv.slice(2);
const journals = `${home}/journals`;
const journal = await Journal.open(journalPath(journals, key(0)));
const gateway = new GatewayClient({ home, environment: process.env, idleSeconds: 30 });
const session = openModelSession({
  gateway,
  journal,
  key: key(0),
  teacher: Teacher.parse({ model: 'scripted', base_url: url }),
  teacherName: 'scripted',
  budget: { tokens: 0, cost_usd: 0 },
  journals,
  patience: patienceWithin(3_600_000),
});
console.log('started');
for (let exchange = 0; exchange < Number(exchanges); exchange++) {
  await session.exchange(asking(exchange), new AbortController().signal);
  console.log(`done ${exchange}`);
}
gateway.close();
