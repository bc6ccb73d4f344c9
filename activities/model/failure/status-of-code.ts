/** Codes of `base_resp`, in which MiniMax puts errors under the status 200. */
const minimax: Record<number, number> = {
  1000: 500,
  1001: 504,
  1002: 429,
  1004: 401,
  1008: 402,
  1013: 500,
  1024: 500,
  1026: 400,
  1027: 400,
  1033: 500,
  1039: 429,
  1041: 429,
  1042: 400,
  2013: 400,
  2045: 429,
  2049: 401,
  2056: 402,
};

/** Codes of Zhipu and Z.AI, sent as text. */
const zhipu: Record<number, number> = {
  1000: 401,
  1001: 401,
  1002: 401,
  1003: 401,
  1004: 401,
  1110: 401,
  1111: 401,
  1112: 401,
  1113: 402,
  1121: 401,
  1210: 400,
  1211: 404,
  1213: 400,
  1214: 400,
  1261: 400,
  1301: 400,
  1302: 429,
  1303: 429,
  1304: 402,
  1305: 429,
  1308: 402,
  1309: 402,
  1310: 402,
  1312: 503,
  1313: 429,
};

/** The HTTP status that a numeric code stands for; undefined where it stands for none. */
export function statusOfNumber(code: number, form: 'minimax' | 'text' | 'number'): number | undefined {
  if (code >= 400 && code < 600) return code;
  if (form === 'minimax') return minimax[code];
  return form === 'text' ? zhipu[code] : undefined;
}

/** Words in codes and types, as OpenAI, Anthropic, Google, Amazon, vLLM and others write them; the first that fits counts. */
const words: readonly (readonly [RegExp, number])[] = [
  [/insufficient[_ ]?(quota|balance|credit|fund)|billing|payment|arrear|overdue/i, 402],
  [/rate[_ ]?limit|throttl|too[_ ]?many[_ ]?requests|resource[_ ]?exhausted/i, 429],
  [/authenticat|unauthori[sz]ed|invalid[_ ]?api[_ ]?key/i, 401],
  [/permission|forbidden|access[_ ]?denied/i, 403],
  [/not[_ ]?found/i, 404],
  [/overloaded|unavailable/i, 503],
  [/timeout|deadline/i, 504],
  [/bad[_ ]?request|invalid|validation|unprocessable|context|content[_ ]?(filter|policy)/i, 400],
  [/internal|server[_ ]?error|api[_ ]?error/i, 500],
];

/** The HTTP status that such words stand for. */
export function statusOfNames(codes: readonly string[]): number | undefined {
  const text = codes.filter((code) => !/^\d+$/.test(code)).join(' ');
  return words.find(([word]) => word.test(text))?.[1];
}
