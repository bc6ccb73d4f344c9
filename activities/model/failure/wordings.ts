/**
 * What errors are told by where their status does not tell it: servers use 400, 403, 429, 500 and 200 for nearly everything. The
 * words are those of the servers' own documentation and of errors seen in public reports.
 */

/** A filter of the provider refused what was asked or answered. */
const refusal =
  /content[_ -]?(?:management[_ ]?)?(?:filter|policy)|content[_ ]policy[_ ]violation|moderation|usage (?:polic|guideline)|safety (?:system|guideline|polic)|flagged|responsible[_ ]?ai|acceptable use/i;

/** The same in words that mean nothing else, whatever the status. */
const certainRefusal =
  /content[_ ]?filter|data[_ ]?inspection[_ ]?failed|inappropriate content|content exists risk|new_sensitive|sensitive[_ ]?(?:content|words?|information)|prohibited[_ ]content|unsafe (?:or sensitive )?content|(?:text|content)[_ ]?risk[_ ]?detection|considered high risk|guardrail[_ ]intervened|content[^.\n]{0,60} (?:is|was) blocked|不安全或敏感|敏感内容|违规(?:信息|内容)|内容审核/i;

/** … but not where the account as a whole is shut out. */
const ofAccount = /\b(?:account|organi[sz]ation|api key|user has been|project)\b|账[户号]/i;

const quota =
  /insufficient[_ ]?(?:quota|balance|credit|fund)|(?:balance|credits?|funds) (?:is |are )?(?:insufficient|not enough|too low|exhausted|used up|depleted)|not[_ ]enough[_ ](?:balance|credit)|credit balance|out of credits?|no credits? (?:left|remaining)|payment required|\bbilling\b|arrear|overdue|exceeded (?:your )?current[_ ]quota|spending limit|free quota has been exhausted|account is suspended, please check your plan|欠费|余额不足|额度已?用[完尽]/i;

const key =
  /api[_ -]?key (?:is |was |has )?(?:not valid|invalid|expired|missing|not found|disabled|been revoked)|(?:invalid|incorrect|wrong|expired|missing|no|unknown) (?:openai )?api[_ -]?key|invalid[_-]?api[_-]?key|login fail|authentication[_ ]?(?:fail|error)|authenticationerror|unauthenticated|invalid (?:access )?token\b|token (?:has )?expired/i;

const missingModel =
  /model[_ ]not[_ ](?:found|exist)|\b(?:unknown|no such|nonexistent|invalid) model\b|not a valid model|\bmodel:? ?[`'"]?[\w./:@-]*[`'"]? (?:does not|doesn't|not) exist|\bmodel:? ?[`'"]?[\w./:@-]*[`'"]? (?:is |was )?not found|not found the model|模型不存在/i;

const tooFast =
  /rate[ _-]?limit|too many requests|throttl|\b(?:tpm|rpm|tpd|rpd)\b|tokens? per min|requests? per min|concurrency limit|速率限制|并发数过高|频率过高/i;

/** What an account allows in a minute, where one request alone is more than that. */
const tooLargeForRate = /request too large[^\n]*\b(?:tpm|tokens per min)/i;

/** Promises that waiting is enough. */
const passesSoon = /(?:retry|try again|reset)\w* (?:in|after|at) /i;

/** What the words of an error mean, or undefined where they mean nothing in particular. `text`: codes and message. */
export type Wording = 'refusal' | 'quota' | 'key' | 'missing_model' | 'too_fast' | 'too_large_for_rate';

export function wordingOf(text: string, status: number | undefined): Wording | undefined {
  const said = text.replace(/https?:\/\/\S+/g, '');
  if (tooLargeForRate.test(said)) return 'too_large_for_rate';
  if (quota.test(said) && !(tooFast.test(said) && passesSoon.test(said)) && status !== 404) return 'quota';
  if (isRefusal(said, status)) return 'refusal';
  const isOpen = status === undefined || status === 400 || status === 422;
  if (isOpen && key.test(said)) return 'key';
  if (isOpen && missingModel.test(said)) return 'missing_model';
  return tooFast.test(said) && status !== 401 && status !== 404 ? 'too_fast' : undefined;
}

function isRefusal(said: string, status: number | undefined): boolean {
  if (status === 401 || status === 402 || status === 404 || status === 429 || ofAccount.test(said)) return false;
  return certainRefusal.test(said) || ((status === undefined || status < 500) && refusal.test(said));
}
