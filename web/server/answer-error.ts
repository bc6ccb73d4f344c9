import { nameTable } from '../../schemas/name-table.ts';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { ZodError } from 'zod';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { BadQuery } from '../model/rows/row-list.ts';
import { securityHeaders } from './headers.ts';

/** Status of a `Problem` by its code. What is not named here is the business of what stands behind the server: 503. */
const statuses: Record<string, 400 | 404 | 409 | 412 | 500> = nameTable({
  unknown_campaign: 404,
  unknown_rollout: 404,
  unknown_job: 404,
  not_found: 404,
  evaluation_not_found: 404,
  pipeline_not_found: 404,
  training_not_found: 404,
  schedule_not_found: 404,
  bad_comparison: 409,
  bad_request: 400,
  key_reused: 409,
  state_refuses: 409,
  campaign_of_another_store: 409,
  journal_damaged: 500,
});

/** What went wrong, for the page: code, message and what to do. Of a defect only that there is one; the server's log has it. */
export function answerError(error: Error, context: Context): Response {
  for (const [name, value] of Object.entries(securityHeaders)) context.header(name, value);
  if (error instanceof HTTPException) return context.text(error.message, error.status);
  const { status, ...shown } = said(error);
  if (status === 500) process.stderr.write(`${context.req.method} ${context.req.path}: ${error.stack ?? error.message}\n`);
  return context.json({ error: shown }, status);
}

function said(error: Error) {
  if (error instanceof BadQuery) return { status: 400, code: 'bad_request', message: error.message, hint: '', field: error.field } as const;
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    const field = issue?.path.join('.') ?? '';
    return { status: 400, code: 'bad_request', message: `${field}: ${issue?.message ?? messageOf(error)}`, hint: '', field } as const;
  }
  if (error instanceof Problem) {
    return { status: statuses[error.code] ?? 503, code: error.code, message: error.message, hint: error.hint ?? '' } as const;
  }
  return { status: 500, code: 'internal_error', message: 'a defect of the server; its terminal says more', hint: '' } as const;
}
