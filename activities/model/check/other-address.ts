import { Problem } from '../../../schemas/problem.ts';
import type { AskedTeacher } from './ask-teacher.ts';
import { getJson, servedModels } from './check-models.ts';
import type { Findings } from './findings.ts';

/** Ends of addresses that clients add themselves. */
const ownPaths = /\/(?:chat\/completions|completions|responses|models)\/*$/;

/** Where a server may be that does not answer at this address: without what clients add, and below /v1. */
function likelyAddresses(baseUrl: string): string[] {
  const { origin, pathname } = new URL(baseUrl);
  const root = pathname.replace(ownPaths, '').replace(/\/+$/, '');
  const paths = /\/v\d+[a-z0-9]*$/.test(root) ? [root] : [root, `${root}/v1`];
  return paths.map((path) => `${origin}${path}`).filter((address) => address !== baseUrl.replace(/\/+$/, ''));
}

/**
 * Tells more of a server that has no such model, or that answers with something else: what it serves by its list, and whether a
 * likely address beside it has one. Others pass unchanged.
 */
export async function withAddress(asked: AskedTeacher, problem: Problem, { served }: Findings): Promise<Problem> {
  const { teacher, options } = asked;
  const { address } = options.names;
  const odd = problem.code === 'endpoint_unreachable' && problem.message.includes('the answer is not JSON');
  if (problem.code !== 'endpoint_model_missing' && !odd) return problem;
  if (served !== undefined) {
    const list = served.slice(0, 10).join(', ') || 'nothing';
    return new Problem(problem.code, `${problem.message}; by its list it serves ${list}`, { hint: problem.hint ?? '', cause: problem });
  }
  for (const candidate of likelyAddresses(teacher.base_url)) {
    const found = await getJson(asked, '/models', undefined, candidate).catch(() => undefined);
    options.signal.throwIfAborted();
    if (found?.status === 200 && servedModels(found.body) !== undefined)
      return new Problem(problem.code, problem.message, {
        hint: `a list of models is at ${candidate}: set ${address} to it`,
        cause: problem,
      });
  }
  if (!odd) return problem;
  const hint = `what answers there is no OpenAI-compatible server: correct ${address}, which for most servers ends in /v1`;
  return new Problem(problem.code, problem.message, { hint, cause: problem });
}
