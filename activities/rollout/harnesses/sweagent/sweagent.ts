import { defineHarness } from '../../define-harness.ts';
import { SweAgentSettings } from './settings.ts';
import { texts } from './texts.ts';

/** SWE-agent 1.1 with function calling, an editor and submission after review. */
export const sweagent = defineHarness({
  name: 'sweagent',
  version: 2,
  settings: SweAgentSettings,
  texts,
  facts: {
    lastCall: 'submit',
    concurrentCalls: false,
    overlookedArguments: [],
    machinery: ['/root/.swe-agent-env', '/root/tools'],
  },
  loadAgent: async () => (await import('./agent.ts')).sweAgent,
});
