/** Codes and types that mean a full context and nothing else. */
const codes =
  /context[_-]?(?:length|window|size|limit)?[_-]?(?:exceed|overflow)|exceed_context_size|contextlengthexceed|contextwindowexceed|outofcontext|tokens_limit_(?:reached|exceeded)|max_prompt_tokens_exceeded|(?:input|prompt|content)_(?:is_)?too_(?:long|large)|content_length_exceeds|request_too_large/;

/** What can be too long: all that a request asks the model to read. */
const asked =
  '(?:prompt|inputs?|input_ids|tokens? (?:in|of|from) (?:the |your )?(?:request|input|prompt|messages?)|messages?|conversation|history|token count|total (?:number of )?(?:request(?:ed)? |input |prompt )?tokens|(?:total )?sequence length|requested tokens?|number of (?:request |input |prompt )?tokens)(?:_tokens|_len(?:gth)?)?';

/** What it has to fit into. */
const room =
  "(?:context(?! (?:deadline|cancel))|n_ctx|max_model_len|max_seq_len|max_seqlen|session_len|max_num_tokens|max_input_tokens|max tokens allowed|model(?:'s)? (?:token |input |prompt |max |maximum )?(?:limit|length|input length)|kv (?:size|cache)|max(?:imum)?[ _](?:allowed |model |total |number of |supported )*(?:input |prompt |context |message )?(?:length|len|tokens?|allowed|sequence|seq|size)|(?:input |total |model )?tokens? limit|(?:configured |upper )?limit of \\d+)";

const exceeds =
  '(?:exceed\\w*|surpass\\w*|overflow\\w*|(?:longer|larger|greater|more|bigger|higher) than|too (?:long|large|big|many)|over|beyond|>)';

/** Between two parts of one statement lie few words, and no end of a sentence but for a point in a number. */
const gap = '(?:[^.;\\n]|\\.\\d){0,80}?';

/** Statements of a full context, by their principle. */
const statements = [
  // The request exceeds the room, said in either order.
  new RegExp(`\\b${asked}\\b${gap}${exceeds}${gap}\\b${room}`),
  new RegExp(`\\b(?:request|it)\\b${gap}\\b${exceeds}${gap}\\b(?:context|(?:model )?tokens? limit|max_model_len|max_seq_len)`),
  new RegExp(
    `\\bcontext(?! (?:deadline|cancel))${gap}\\b(?:exceed\\w*|overflow\\w*|(?:is|has been|was|been) (?:full|reached)|limit reached|ran out of)`,
  ),
  new RegExp(`\\b(?:model|max(?:imum)?) (?:max(?:imum)? )?(?:length|context|tokens)\\b${gap}\\b(?:exceeded|reached)`),
  new RegExp(`\\b${exceeds}${gap}\\b(?:context (?:length|window|size|limit)|max(?:imum)? context|max_model_len|max_seq_len)`),
  /\btokens? (?:count |number )?exceeds? (?:the )?(?:model|max)/,
  // The room is so and so large, or the request has to be at most so long.
  /\b(?:maximum|max) (?:context|prompt|input|sequence) length:? (?:is |of )?\(?\d+/,
  /\bcontext (?:length|window|size) (?:of |is )?(?:only )?\(?\d+(?: tokens)?\)?[^.]{0,60}\bnot enough\b/,
  /\b(?:input|prompt) length should be (?:in |within )?\[/,
  /\binputs? (?:tokens )?(?:\+ max_new_tokens )?must (?:be <=?|have (?:less|fewer) than)/,
  /\b(?:prompt|input)[_ ](?:tokens?|length)\b[^;\n]{0,60}\b(?:must|should|cannot|can ?not|may not) (?:not )?(?:be (?:less|lower|smaller|at most|<)|exceed)/,
  /\b(?:prompt|inputs?|conversation|messages?|history|content length)\b(?: you submitted)? (?:is |are |was |were |has become |length |length is |token length |tokens? )?too (?:long|large|many)\b/,
  /\binput is too (?:large|long)\b/,
  /\btoo many (?:input |prompt )?tokens\b/,
  /\btokens? limit exceeded\b/,
  /\b(?:reduce|shorten|decrease|truncate|compact)\w* (?:the |your )?(?:length of (?:the |your )?)?(?:messages|prompt|input|conversation|context)\b/,
  /\btokens? to keep from the initial prompt\b/,
  /\b(?:request|payload)(?: body| entity| payload)?(?: is| was)? too large\b/,
  /\b(?:request|payload)(?: body| size)? exceeds the (?:max|limit)/,
  // Nothing is left for the answer.
  /\b(?:max_tokens|max_completion_tokens|max_new_tokens)\b[^.;\n]{0,20} must be at least 1, got -?\d+/,
  /\bdefault_max_tokens\b[^;\n]{0,40} (?:should|must) be (?:greater|larger) than 0/,
  /(?:上下文|输入|提示词?|prompt|tokens?|对话|历史).{0,12}(?:超长|过长|太长|超过|超出|超限|达到上限)/,
  /(?:超过|超出).{0,14}(?:上下文|最大长度|最大输入|长度限制|max_tokens)/,
];

/** Limits of single fields that the conversation fills. */
const ofMessages = /\binvalid 'messages': array too long\b|\binvalid '(?:messages\[\d+\]\.content|input)[^']*': string too long\b/;

/** Limits of other fields, as validators name them. */
const ofOthers =
  /string too long|array too long|above_max_length|\bmessages[.[]\d+\]?\.(?!content\b)|\b(?:stop|tool|function|name|description|image|file|audio|header|url)s?\b[^.\n]{0,30}\btoo (?:long|large|many)/;

/** Limits of requests in a time, whatever else they mention. A request that is too large for them fits once the account has a higher one. */
const ofTime =
  /per[- ](?:minute|min\b|hour|day|second)|\b(?:tpm|rpm|tpd|rpd|qps)\b|rate[ _-]?limit|throttl|too many requests|concurren|\b(?:daily|weekly|monthly)\b|quota|billing|please wait/;

/**
 * Whether an error says that the conversation does not fit into the model's context any more, in whatever words. Then no other try
 * of the same request can succeed, now or later. `text`: codes and message.
 */
export function saysContextFull(text: string, status: number | undefined): boolean {
  const said = normalized(text);
  if (ofTime.test(said)) return false;
  if (codes.test(said) || ofMessages.test(said)) return true;
  if (ofOthers.test(said) || isAnswerTooLong(said)) return false;
  // Limits of the account come under this status.
  if (status === 429 && !/context/.test(said)) return false;
  // Some say nothing but that the request is too large, and it only grows.
  return status === 413 || statements.some((statement) => statement.test(said)) || numbersSayIt(said);
}

/** Whether the answer that was asked for would not fit into an empty context: the profile asks for too much, not the conversation. */
function isAnswerTooLong(said: string): boolean {
  const size = numberIn(/context length (?:is|of) (\d+)/, said);
  const answer = numberIn(
    /(\d+) (?:tokens )?(?:in|for) the completion|(?:max_tokens|max_completion_tokens)[^\d]{0,40}too large: (\d+)|(\d+) (?:output|completion) tokens/,
    said,
  );
  return size !== undefined && answer !== undefined && answer >= size;
}

function numberIn(pattern: RegExp, text: string): number | undefined {
  const found = pattern
    .exec(text)
    ?.slice(1)
    .find((group) => group !== undefined);
  return found === undefined ? undefined : Number(found);
}

/** Words for what was sent, for a bound, and two numbers of tokens: what was counted, and what would be allowed. */
function numbersSayIt(said: string): boolean {
  if (!/\b(?:tokens?|context)\b/.test(said) || !/\b(?:prompt|inputs?|request\w*|messages?|conversation|context)\b/.test(said)) return false;
  if (!/\b(?:max\w*|limit\w*|at most|up to|only|allow\w*|capacity|context (?:size|window|length))\b/.test(said)) return false;
  if (/completion|output|generat|answer|response|max_(?:completion_|new_)?tokens/.test(said)) return false;
  return new Set((said.match(/\b\d{3,}\b/g) ?? []).map(Number).filter((number) => number >= 256)).size > 1;
}

/** Lower case, without addresses and quotes, digits without separators, one blank between words. */
function normalized(text: string): string {
  return text
    .toLowerCase()
    .replace(/https?:\/\/\S+/g, '')
    .replace(/(\d)[,_](?=\d{3}\b)/g, '$1')
    .replace(/’/g, "'")
    .replace(/[`"]/g, '')
    .replace(/\s+/g, ' ');
}
