import { createHash } from 'node:crypto';
import type { Finding, ScanReport } from '../../../schemas/finding.ts';
import type { Judgement, Judging } from '../../../schemas/judgement.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { JudgeTerms } from '../../../schemas/second-judge.ts';
import type { Exchange } from '../../../schemas/turn.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { QuestionedModel } from './ask-model.ts';
import { judgingSum } from './judging-sum.ts';
import type { JudgeBudget } from './judge-budget.ts';
import type { Passage } from './passages.ts';
import { type Answer, answerIn, promptVersion, questionOf } from './question.ts';

export interface SecondJudgeNeeds {
  model: QuestionedModel;
  cache: AnswerCache;
  budget: JudgeBudget;
  terms: JudgeTerms;
  /** Called with each reply that was paid, before it counts. `id` is that of the trajectory. */
  onPaid?: (id: string, exchange: Exchange, request: string) => Promise<void>;
}

/** Why a passage was not judged. */
type Missed = 'malformed' | 'late' | 'failed' | 'over_budget' | 'too_many';
type Judged = { by: 'answered' | 'cached'; answer: Answer } | { by: Missed; why: string };

/** So many questions in a row without an answer show that there is nobody to ask. */
const failuresInARow = 3;
/** After which the model is tried again; milliseconds. */
const restMs = 10 * 60_000;
/** Of all questions about one trajectory; milliseconds. */
const longestMs = 20 * 60_000;

/**
 * A model that decides on passages that the scanner marked. It never makes a scan fail: a passage without an answer that counts
 * stands as the scanner left it, and the report says how many there are and why.
 */
export class SecondJudge {
  readonly #needs: SecondJudgeNeeds;
  #total: Judging | null = null;
  #failures = 0;
  #lastFailure = 0;

  constructor(needs: SecondJudgeNeeds) {
    this.#needs = needs;
  }

  /** What its judgements are by. */
  get identity(): Pick<Judging, 'model' | 'prompt_version'> {
    return { model: this.#needs.model.teacher.model, prompt_version: promptVersion };
  }

  get terms(): JudgeTerms {
    return this.#needs.terms;
  }

  /** How it was asked so far; null before the first report. */
  get total(): Judging | null {
    return this.#total;
  }

  /** The report with all judgements. Throws the reason of `signal`, `Problem` judge_cache_unreadable and errors of the disk. */
  async review(report: ScanReport, passages: readonly Passage[], signal: AbortSignal): Promise<ScanReport> {
    const judging: Judging = { ...this.identity, passages: passages.length, ...noCounts };
    const findings = [...report.findings];
    const added: Finding[] = [];
    const until = Date.now() + longestMs;
    for (const [number, passage] of passages.entries()) {
      const judged =
        number >= this.#needs.terms.passages
          ? { by: 'too_many' as const, why: `more than ${this.#needs.terms.passages} passages of the trajectory were marked` }
          : await this.#judge(report.id, passage, judging, until, signal);
      judging[judged.by] += 1;
      const finding = passage.finding === null ? undefined : report.findings[passage.finding];
      const judgement = this.#judgement(judged, finding?.severity ?? null);
      if (finding !== undefined && passage.finding !== null) findings[passage.finding] = withJudgement(finding, judgement);
      else if (judgement.verdict === 'violation') added.push(newFinding(passage, judgement));
    }
    this.#total = judgingSum(this.#total === null ? [judging] : [this.#total, judging]);
    const all = [...findings, ...added].toSorted((a, b) => a.turn - b.turn || a.call - b.call);
    return { ...report, findings: all, git_hack_attempted: all.some(({ severity }) => severity === 'violation'), judging };
  }

  async #judge(id: string, passage: Passage, spent: Judging, until: number, signal: AbortSignal): Promise<Judged> {
    const { model, cache, budget } = this.#needs;
    const question = questionOf(passage);
    const key = createHash('sha256')
      .update(JSON.stringify([this.identity, question]))
      .digest('hex');
    const kept = await cache.get(key);
    if (kept !== undefined) return judgedBy(kept.answer, 'cached');
    if (Date.now() >= until) return { by: 'late', why: 'the time for one trajectory is over' };
    if (this.#isResting()) return { by: 'failed', why: `it is not asked: ${failuresInARow} questions in a row had no answer` };
    const settle = budget.reserve(model.lengthOf(question), model.longestAnswer, model.teacher);
    if (settle === undefined) return { by: 'over_budget', why: 'its budget is spent' };
    let paid: Exchange | undefined;
    try {
      const { exchange, acknowledge } = await this.#inTime(key, question, until, signal);
      paid = exchange;
      await this.#needs.onPaid?.(id, exchange, key);
      spent.prompt_tokens += exchange.usage.prompt_tokens;
      spent.completion_tokens += exchange.usage.completion_tokens;
      spent.cost_usd += exchange.cost_usd;
      const answer = answerIn(exchange.reply.content);
      cache.put(key, { model: exchange.reply.model, answer });
      acknowledge();
      this.#failures = 0;
      return judgedBy(answer, 'answered');
    } catch (error) {
      signal.throwIfAborted();
      if (paid !== undefined) throw error;
      return this.#missed(error);
    } finally {
      settle(paid);
    }
  }

  async #inTime(key: string, question: ReturnType<typeof questionOf>, until: number, signal: AbortSignal) {
    const ms = Math.min(this.#needs.terms.timeout_seconds * 1000, until - Date.now());
    const late = AbortSignal.timeout(Math.max(1, Math.round(ms)));
    try {
      return await this.#needs.model.ask(key, question, AbortSignal.any([signal, late]));
    } catch (error) {
      if (late.aborted && !signal.aborted) throw new Late(`no answer within ${Math.round(ms / 100) / 10} s`);
      throw error;
    }
  }

  #missed(error: unknown): Judged {
    // The server that refuses one question answers others.
    if (error instanceof Problem && ownFaults.has(error.code)) return { by: 'failed', why: error.message };
    this.#failures += 1;
    this.#lastFailure = Date.now();
    return { by: error instanceof Late ? 'late' : 'failed', why: messageOf(error) };
  }

  #isResting(): boolean {
    if (this.#failures < failuresInARow) return false;
    if (Date.now() - this.#lastFailure < restMs) return true;
    this.#failures = 0;
    return false;
  }

  #judgement(judged: Judged, scanner: Judgement['scanner']): Judgement {
    const { model } = this.identity;
    if ('answer' in judged) return { model, ...judged.answer, scanner };
    return { model, verdict: 'not_judged', reason: `${judged.by.replace('_', ' ')}: ${judged.why}`, scanner };
  }
}

const noCounts = {
  answered: 0,
  cached: 0,
  malformed: 0,
  late: 0,
  failed: 0,
  over_budget: 0,
  too_many: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  cost_usd: 0,
};

const ownFaults = new Set(['context_full', 'model_refused', 'teacher_rejected_request']);

class Late extends Error {}

function judgedBy(answer: Answer | null, by: 'answered' | 'cached'): Judged {
  return answer === null ? { by: 'malformed', why: 'the answer holds no verdict in the form that was asked for' } : { by, answer };
}

/** A verdict decides on severity; nothing is taken away. */
function withJudgement(finding: Finding, judge: Judgement): Finding {
  const severity = judge.verdict === 'violation' ? 'violation' : judge.verdict === 'clean' ? 'note' : finding.severity;
  return { ...finding, severity, judge };
}

function newFinding({ category, turn, call, text }: Passage, judge: Judgement): Finding {
  return { category, rule: 'second-judge', severity: 'violation', turn, call, command: '', evidence: text, succeeded: true, judge };
}
