import type { IngestedFormat } from '../../schemas/ingested.ts';
import type { FolderFormat, RecordFormat } from './format.ts';
import { atif } from './formats/atif.ts';
import { claudeCode } from './formats/claude-code.ts';
import { codex } from './formats/codex.ts';
import { geminiCli } from './formats/gemini-cli.ts';
import { goose } from './formats/goose.ts';
import { inspect } from './formats/inspect.ts';
import { miniSweAgent } from './formats/mini-swe-agent.ts';
import { nebiusSweAgent } from './formats/nebius-sweagent.ts';
import { openCode } from './formats/opencode.ts';
import { openAi } from './formats/openai.ts';
import { openHands } from './formats/openhands.ts';
import { completionFolder, openHandsCompletion } from './formats/openhands-completions.ts';
import { eventFolder } from './formats/openhands-event-folder.ts';
import { nebiusOpenHands, sweZero } from './formats/openhands-rows.ts';
import { openHandsV1Folder, openHandsV1 } from './formats/openhands-v1.ts';
import { openSweTraces } from './formats/open-swe-traces.ts';
import { sweAgent } from './formats/sweagent.ts';
import { ingested, tracemill } from './formats/tracemill.ts';

/** Formats of one value a trajectory; the first that knows a record reads it, so that the plain one comes last. */
const recordFormats: readonly RecordFormat[] = [
  tracemill,
  ingested,
  atif,
  claudeCode,
  codex,
  geminiCli,
  inspect,
  goose,
  openCode,
  miniSweAgent,
  nebiusSweAgent,
  nebiusOpenHands,
  sweZero,
  openSweTraces,
  openHandsV1,
  openHands,
  sweAgent,
  openHandsCompletion,
  openAi,
];

/** Formats of one folder a trajectory. */
export const folderFormats: readonly FolderFormat[] = [openHandsV1Folder, eventFolder, completionFolder];

/** The format of a record, or the one that the user named. */
export function formatOf(value: unknown, named: IngestedFormat | undefined): RecordFormat | undefined {
  return recordFormats.find((format) => (named === undefined ? format.detect(value) : format.id === named));
}

/** The format whose events stand one a line, of which these are the first; undefined where each line is a record of its own. */
export function lineFormatOf(first: readonly unknown[], named?: IngestedFormat): RecordFormat | undefined {
  if (first.length === 0) return undefined;
  return recordFormats.find(({ id, detectLines }) => (named === undefined || named === id) && detectLines?.(first) === true);
}
