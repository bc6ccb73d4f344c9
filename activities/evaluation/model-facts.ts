import type { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import type { CanaryReport, EvaluationPlan, FinishEvaluationInput } from '../../schemas/evaluation-run.ts';
import { sourceCommit } from '../../platform/commit.ts';
import { version } from '../../platform/version.ts';
import { withoutCredentials } from '../../platform/without-credentials.ts';
import { chatTemplate } from '../rendering/chat-template.ts';
import { servingEngines } from './serving/engines.ts';

/** Of the sources that the rollouts ran with. */
const commitFact = 'tracemill commit';

/**
 * What was measured and how, as sorted facts for the report. `known`: the record of an earlier run on the same inputs, which
 * keeps what the server was when nothing had to be asked again.
 */
export function modelFacts(
  plan: EvaluationPlan,
  canary: readonly CanaryReport[],
  server: FinishEvaluationInput['server'],
  known: EvaluationRecord | null,
): Record<string, string> {
  const { file, checkpoint, rollouts, inputs_sha256 } = plan;
  const { campaign } = rollouts;
  const { serve, endpoint } = file.model;
  const facts: Record<string, string> = { inputs_sha256, tracemill: version, gate_runs: String(file.verification.gate_runs) };
  const commit = sourceCommit();
  if (commit !== null) facts[commitFact] = commit;
  plan.notes.forEach((note, n) => {
    facts[`note ${n + 1}`] = note;
  });
  if (endpoint !== undefined) facts['endpoint'] = withoutCredentials(endpoint.base_url);
  if (serve !== undefined && checkpoint !== null) {
    Object.assign(facts, {
      checkpoint: checkpoint.folder,
      checkpoint_sha256: checkpoint.sha256,
      base: checkpoint.base,
      chat_template_sha256: chatTemplate(checkpoint.base).sha256,
      engine: serve.engine,
      backend: serve.backend.type,
    });
    if (checkpoint.training !== null) facts['training'] = checkpoint.training;
    if (checkpoint.release_sha256 !== null) facts['release_sha256'] = checkpoint.release_sha256;
    const { caution } = servingEngines[serve.engine];
    if (caution !== null) facts['caution'] = caution;
  }
  for (const [mode, name] of Object.entries(campaign.modes)) {
    const teacher = campaign.teachers[name];
    if (teacher === undefined) continue;
    facts[`${mode}: model`] = teacher.model;
    facts[`${mode}: asked for by`] = teacher.thinking.control;
    facts[`${mode}: earlier reasoning sent as`] = teacher.thinking.resend;
    facts[`${mode}: sampling`] = JSON.stringify(teacher.sampling);
  }
  for (const [harness, settings] of Object.entries(campaign.harnesses)) facts[`harness ${harness}`] = JSON.stringify(settings);
  Object.assign(facts, askedFacts(canary, server, known?.model.facts['inputs_sha256'] === inputs_sha256 ? known : null));
  return Object.fromEntries(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is known only where the model was asked. */
function askedFacts(
  canary: readonly CanaryReport[],
  server: FinishEvaluationInput['server'],
  known: EvaluationRecord | null,
): Record<string, string> {
  if (canary.length === 0) {
    const kept = Object.entries(known?.model.facts ?? {}).filter(
      ([name]) => name === 'server' || name === commitFact || /: (canary|reasoning came as)$/.test(name),
    );
    return Object.fromEntries(kept);
  }
  const facts: Record<string, string> = {};
  if (server !== null) facts['server'] = server.command.join(' ');
  for (const { mode, strictness, passed, unchecked, reasoning_form } of canary) {
    if (reasoning_form !== undefined) facts[`${mode}: reasoning came as`] = reasoning_form;
    facts[`${mode}: canary`] =
      `${strictness}; passed: ${passed.join(', ')}${unchecked.length === 0 ? '' : `; not checked: ${unchecked.join('; ')}`}`;
  }
  return facts;
}
