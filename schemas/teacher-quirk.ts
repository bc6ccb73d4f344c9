import { z } from 'zod';

/**
 * Odd ways in which servers put a whole and right answer. None of them is a reason to ask again.
 *
 * Calls: all under one index, without an index, with the index as text; all with one id, with empty ids, with a number as id, with
 * id or name in every piece; arguments as an object, in one piece, or empty where there are none; `tool_calls: null`.
 * Reasoning: in another field than the script's, by chance. Text: half a surrogate pair, a pair torn over two pieces, no content
 * where it is empty, content in parts. Usage: numbers as text, fractions, half of it; in every chunk. End: `[DONE]` without a
 * finish reason, the reason with the last piece, twice, or by another word; no `[DONE]`. Stream: comments that keep it alive,
 * `\r\n`, no space after `data:`, names of events, a first chunk without choices; text/plain, no content type; a whole answer
 * although a stream was asked for.
 */
export const TeacherQuirk = z.enum([
  'calls_under_one_index',
  'calls_without_index',
  'index_as_text',
  'equal_ids',
  'empty_ids',
  'id_as_number',
  'id_in_every_piece',
  'name_in_every_piece',
  'arguments_as_object',
  'arguments_in_one_piece',
  'empty_arguments',
  'null_tool_calls',
  'other_reasoning_field',
  'lone_surrogates',
  'torn_surrogates',
  'null_content',
  'content_in_parts',
  'odd_usage',
  'usage_in_every_chunk',
  'done_without_finish',
  'finish_with_last_piece',
  'finish_twice',
  'other_finish_word',
  'no_done',
  'keep_alive_comments',
  'windows_line_ends',
  'no_space_after_data',
  'named_events',
  'empty_choices_first',
  'plain_text_type',
  'no_content_type',
  'whole_answer',
]);
export type TeacherQuirk = z.infer<typeof TeacherQuirk>;

/** Whose words say that a conversation fills the context; `any`: one of them by chance. */
export const ContextWording = z.enum([
  'any',
  'openai',
  'vllm_500',
  'vllm_in_stream',
  'vllm_no_room',
  'sglang',
  'llama_cpp',
  'tgi',
  'tensorrt_llm',
  'lmdeploy',
  'dashscope',
  'dashscope_wrapped',
  'kimi',
  'glm',
  'minimax_in_200',
  'gemini',
  'anthropic',
  'bedrock',
  'mistral',
  'xai',
  'groq',
  'openrouter_wrapped',
]);
export type ContextWording = z.infer<typeof ContextWording>;

/** Whose words say that content was filtered; `any`: one of them by chance. */
export const RefusalWording = z.enum(['any', 'azure', 'dashscope', 'kimi', 'glm', 'deepseek', 'minimax_in_200', 'openrouter']);
export type RefusalWording = z.infer<typeof RefusalWording>;

/** How an error that passes comes with HTTP 200; `any`: one of them by chance. */
export const ErrorForm = z.enum(['any', 'wrapped', 'bare', 'base_resp', 'finish_reason', 'page', 'event']);
export type ErrorForm = z.infer<typeof ErrorForm>;
