import type { RefusalWording } from '../../../schemas/teacher-quirk.ts';
import type { FailedAnswer } from './failed-answer.ts';

const error = (status: number, message: string, more: object = {}): FailedAnswer => ({ status, body: { error: { message, ...more } } });

/** What providers answer where their filter does not let a conversation through. */
export const refused: Record<Exclude<RefusalWording, 'any'>, FailedAnswer> = {
  azure: error(400, "The response was filtered due to the prompt triggering the provider's content management policy.", {
    code: 'content_filter',
  }),
  dashscope: error(400, 'Input data may contain inappropriate content.', { code: 'data_inspection_failed' }),
  kimi: error(400, 'The request was rejected because it was considered high risk', { type: 'content_filter' }),
  glm: {
    status: 400,
    body: {
      contentFilter: [{ level: 1, role: 'user' }],
      error: { code: '1301', message: 'The input may hold unsafe or sensitive content' },
    },
  },
  deepseek: error(400, 'Content Exists Risk', { type: 'invalid_request_error', code: 'invalid_request_error' }),
  minimax_in_200: { status: 200, body: { choices: null, base_resp: { status_code: 1026, status_msg: 'input new_sensitive' } } },
  openrouter: error(403, 'Input was flagged by moderation', { code: 403, metadata: { reasons: ['violence'], flagged_input: '…' } }),
};
