import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { RolloutKey } from './names.ts';
import { Ending } from './trajectory.ts';
import { Finding } from './finding.ts';
import { Usage } from './turn.ts';
import { Resolved, Verdict } from './verdict.ts';

/** Where in a trajectory the evidence stands. */
export const Evidence = z.object({
  text: z.string(),
  turn: z.int().min(0).optional(),
  call: z.int().min(0).optional(),
});

/** What one rule decided about one row, and why. */
export const Decision = z.object({
  rule: z.string(),
  version: z.int().min(1),
  decision: z.enum(['keep', 'drop', 'note']),
  parameters: z.record(z.string(), z.unknown()),
  reason: z.string(),
  evidence: z.array(Evidence),
});
export type Decision = z.infer<typeof Decision>;

/** One row ever produced, kept or not, with every rule's decision. A release is a query over these. */
export const LedgerEntry = z.object({
  /** The trajectory's id. */
  id: z.uuid(),
  key: RolloutKey,
  repo: z.string(),
  language: z.string(),
  license: z.string(),
  kept: z.boolean(),
  resolved: Resolved,
  /** Null for a rollout that infrastructure kept from ending. */
  ending: Ending.nullable(),
  turns: z.int().min(0),
  usage: Usage,
  cost_usd: z.number().min(0),
  decisions: z.array(Decision),
  findings: z.array(Finding),
  trajectory: ArtifactRef.nullable(),
  verdict: Verdict.nullable(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;
