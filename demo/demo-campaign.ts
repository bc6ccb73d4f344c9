import type { z } from 'zod';
import type { Campaign } from '../schemas/campaign.ts';

/** Name of the demo's campaign; its rows keep their ids from one run to the next. */
export const demoCampaignName = 'demo';

/** The demo's campaign file: both harnesses in both modes, with two teachers behind one scripted server. */
export function demoCampaign(tasksFile: string, teacherUrl: string): z.input<typeof Campaign> {
  return {
    name: demoCampaignName,
    tasks: [tasksFile],
    harnesses: {
      // What an agent sees must not depend on how busy the machine is: no command of the demo comes near these limits.
      openhands: { max_turns: 24, no_change_timeout_seconds: 300, command_timeout_seconds: 300 },
      sweagent: { max_turns: 24, execution_timeout_seconds: 300 },
    },
    modes: { think: 'minimax', no_think: 'qwen' },
    teachers: {
      minimax: {
        model: 'MiniMax-M2.5',
        base_url: teacherUrl,
        thinking: { control: 'always' },
        prices: { prompt_usd_per_million: 0.3, completion_usd_per_million: 1.2 },
      },
      qwen: {
        model: 'Qwen3.5-122B-A10B',
        base_url: teacherUrl,
        thinking: { control: 'chat_template_kwargs', resend: 'none' },
        prices: { prompt_usd_per_million: 0.4, completion_usd_per_million: 3.2 },
      },
    },
    concurrency: 3,
    budget: { cost_usd: 10 },
    rollout: { timeout_hours: 1, heartbeat_seconds: 5 },
    sandbox: { memory_mb: 2048, cpus: 1, pids: 512 },
    verification: { timeout_seconds: 300 },
  };
}
