import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unifiedMessages, type Draft, type FolderFormat } from '../format.ts';
import { parseJson } from '../../tables/loose-json.ts';
import { Oddities } from '../oddities.ts';
import { endingOf, stateOf, usageOfEvents } from './openhands.ts';
import { readEvents, toolsOfEvents } from './openhands-events.ts';

/** The session store of OpenHands V0: `sessions/<id>/events/<number>.json`. */
export const eventFolder: FolderFormat = {
  id: 'openhands',
  detect: ({ files, head }) =>
    files.length > 0 &&
    files.every((name) => /^\d+\.json$/.test(name)) &&
    /"source"\s*:\s*"(agent|user|environment)"/.test(head(files[0] ?? '')),
  async read({ path, files }): Promise<Draft> {
    const oddities = new Oddities();
    const events: unknown[] = [];
    for (const name of files.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))) {
      try {
        events.push(parseJson(await readFile(join(path, name), 'utf8')));
      } catch {
        oddities.lose('message', `${name} cannot be read`);
      }
    }
    return {
      id: basename(path) === 'events' ? basename(dirname(path)) : basename(path),
      harness: 'openhands',
      messages: unifiedMessages(readEvents(events, oddities), oddities),
      tools: toolsOfEvents(events, oddities),
      ending: endingOf(null, events, oddities),
      exit_status: stateOf(events),
      usage: usageOfEvents(events),
      oddities,
    };
  },
};
