/** The tokens of the student's vocabulary that stand for themselves wherever their text stands, in the order of their ids. */
export const controlTokens = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  '<|object_ref_start|>',
  '<|object_ref_end|>',
  '<|box_start|>',
  '<|box_end|>',
  '<|quad_start|>',
  '<|quad_end|>',
  '<|vision_start|>',
  '<|vision_end|>',
  '<|vision_pad|>',
  '<|image_pad|>',
  '<|video_pad|>',
  '<tool_call>',
  '</tool_call>',
  '<|fim_prefix|>',
  '<|fim_middle|>',
  '<|fim_suffix|>',
  '<|fim_pad|>',
  '<|repo_name|>',
  '<|file_sep|>',
  '<tool_response>',
  '</tool_response>',
  '<think>',
  '</think>',
] as const;

/** Finds them in a text; none begins within another. */
export function controlTokenPattern(): RegExp {
  return new RegExp(controlTokens.map((token) => token.replaceAll('|', String.raw`\|`)).join('|'), 'g');
}
