/** Fields of parts and objects that hold text. */
const fields = ['text', 'content', 'summary', 'thinking', 'reasoning'];

/** Text, however deep it lies in lists of parts and in objects; nothing for what holds none. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value !== 'object' || value === null) return '';
  const held = new Map<string, unknown>(Object.entries(value));
  return textOf(
    fields.map((field) => held.get(field)).find((inner) => typeof inner === 'string' || (typeof inner === 'object' && inner !== null)),
  );
}
