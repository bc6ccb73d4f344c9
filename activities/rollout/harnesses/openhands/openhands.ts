import { defineHarness } from '../../define-harness.ts';
import { OpenHandsSettings } from './settings.ts';
import { texts } from './texts.ts';

/** OpenHands 0.53 (CodeActAgent) with its four tools, run headless with a fake user. */
export const openhands = defineHarness({
  name: 'openhands',
  version: 1,
  settings: OpenHandsSettings,
  texts,
  facts: {
    lastCall: 'finish',
    concurrentCalls: false,
    overlookedArguments: ['think.thought', 'finish.message'],
    machinery: ['/openhands'],
  },
  loadAgent: async () => (await import('./agent.ts')).openHandsAgent,
});
