import type { Fields } from './loose-values.ts';

/** Keys of what surrounds a message, a call or a result: none of them holds what was said, called or given back. */
const surroundings = new Set(
  (
    'role from type name id index status state object usage metadata extra annotations audio logprobs metrics info agent sender author source model ' +
    'message_type timestamp created created_at createdAt uuid is_error isError cache_control citations caller namespace server_label weight loss train ' +
    'tool_call_id tool_call_ids tool_use_id call_id toolCallId toolUseId callId toolName tool_name response_metadata usage_metadata ' +
    'provider_specific_fields providerOptions providerMetadata providerExecuted thought_signature thoughtSignature signature finish_reason stop_reason ' +
    'is_demo message_id session_id parent_id'
  ).split(' '),
);

/** The keys of an object that hold something and are neither among those known nor of what usually surrounds it. */
export function unknownKeys(fields: Fields, known: readonly string[] = []): string[] {
  return Object.keys(fields).filter((key) => !surroundings.has(key) && !known.includes(key) && holds(fields[key]));
}

function holds(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return typeof value === 'string' && value !== '';
}
