import { Command } from '@commander-js/extra-typings';
import { draftCampaignFile, wishOf, wishOptionsOf, withWishOptions } from './campaign-wish.ts';
import { printResult } from './output.ts';

/** `tracemill campaign init`: a commented campaign file to go on from. */
export function campaignInitCommand() {
  const command = new Command('init')
    .description('Writes a campaign file with comments, valid as it is. A file that is there already stays.')
    .argument('[file]', 'where to write it', 'campaign.yaml')
    .option('--tasks <path...>', 'files, folders or http(s) addresses with tasks', ['tasks.jsonl'])
    .option('--model <name>', 'the teacher, as its server calls it', 'MODEL')
    .option('--base-url <url>', 'of its OpenAI-compatible server, ends in /v1', 'http://localhost:8000/v1');
  return withWishOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill campaign init\n  $ tracemill campaign init spring.yaml --tasks data/tasks.parquet --model MiniMax-M2.5 --base-url http://gpu1:8000/v1\n  $ tracemill campaign init both.yaml --tasks task.yaml --harness openhands sweagent --mode think no_think --samples 2 --budget-usd 50 --price 0.3,1.2',
    )
    .action(async (file, { tasks, model, baseUrl }, command) => {
      const draft = await draftCampaignFile(file, wishOf(tasks, model, baseUrl, file, wishOptionsOf(command)));
      const done = draft.write();
      const words = done === 'same' ? 'is there already and says the same' : 'is written';
      printResult(
        command,
        { file, campaign: draft.campaign.name, result: done },
        `${file} ${words}\nsee what it would run: tracemill campaign start ${file} --dry-run`,
      );
    });
}
