import type { ContextWording } from '../../../schemas/teacher-quirk.ts';
import type { FailedAnswer } from './failed-answer.ts';

const error = (status: number, message: string, more: object = {}): FailedAnswer => ({ status, body: { error: { message, ...more } } });
const tooLong = "This model's maximum context length is 32768 tokens. However, your request has 40000 input tokens.";

/** What servers answer to a conversation that is longer than their context. */
export const contextFull: Record<Exclude<ContextWording, 'any'>, FailedAnswer> = {
  openai: error(400, tooLong, { type: 'invalid_request_error', code: 'context_length_exceeded' }),
  vllm_500: error(500, tooLong, { type: 'InternalServerError', code: 500 }),
  vllm_in_stream: { status: 200, stream: true, body: { object: 'error', message: tooLong, type: 'BadRequestError', code: 400 } },
  vllm_no_room: {
    status: 400,
    body: { object: 'error', message: 'max_tokens must be at least 1, got -186.', type: 'BadRequestError', param: null, code: 400 },
  },
  sglang: {
    status: 400,
    body: {
      object: 'error',
      message: "The input (40000 tokens) is longer than the model's context length (32768 tokens).",
      type: 'BadRequestError',
      code: 400,
    },
  },
  llama_cpp: error(400, 'the request exceeds the available context size (32768 tokens), try increasing it', {
    type: 'exceed_context_size_error',
    code: 400,
  }),
  tgi: {
    status: 422,
    body: {
      error: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 32768. Given: 40000 `inputs` tokens',
      error_type: 'validation',
    },
  },
  tensorrt_llm: error(400, 'The sum of prompt length (40000) and query length (1) should not exceed max_num_tokens (32768)', {
    type: 'BadRequestError',
  }),
  lmdeploy: error(400, 'internal error: ResponseType.INPUT_LENGTH_ERROR, the input length exceeds session_len 32768'),
  dashscope: error(400, 'Range of input length should be [1, 98304]', { type: 'invalid_request_error', code: 'invalid_parameter_error' }),
  dashscope_wrapped: error(400, '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]', {
    code: 'invalid_parameter_error',
  }),
  kimi: error(400, 'Invalid request: Your request exceeded model token limit: 262144', { type: 'invalid_request_error' }),
  glm: { status: 400, body: { error: { code: '1261', message: 'Prompt exceeds max length' } } },
  minimax_in_200: {
    status: 200,
    body: { choices: null, base_resp: { status_code: 2013, status_msg: 'invalid params, context window exceeds limit' } },
  },
  gemini: {
    status: 400,
    body: [
      {
        error: {
          code: 400,
          message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
          status: 'INVALID_ARGUMENT',
        },
      },
    ],
  },
  anthropic: error(400, 'prompt is too long: 210000 tokens > 200000 maximum', { type: 'invalid_request_error' }),
  bedrock: { status: 400, body: { message: 'Input is too long for requested model.' } },
  mistral: {
    status: 400,
    body: {
      object: 'error',
      message: 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
      type: 'invalid_request_prompt',
      code: '3051',
    },
  },
  xai: {
    status: 400,
    body: {
      code: 'Client specified an invalid argument',
      error: "This model's maximum prompt length is 131072 but the request contains 150000 tokens.",
    },
  },
  groq: error(413, 'Please reduce the length of the messages or completion.', {
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
  }),
  openrouter_wrapped: error(400, 'Provider returned error', {
    code: 400,
    metadata: { raw: '{"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}', provider_name: 'Some' },
  }),
};
