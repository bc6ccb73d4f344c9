/** Short values are words like EMPTY that servers without keys are given; replacing them would garble texts. */
const shortestSecret = 6;

/** Replaces secrets, as they are and in the encodings in which servers and libraries repeat them. */
export class Redactor {
  readonly #forms = new Map<string, readonly string[]>();

  add(secret: string): void {
    if (secret.length >= shortestSecret && !this.#forms.has(secret)) this.#forms.set(secret, formsOf(secret));
  }

  redact(text: string): string {
    let clean = text;
    for (const forms of this.#forms.values()) {
      for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, '[secret]');
    }
    return clean;
  }
}

function formsOf(secret: string): string[] {
  const forms = new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  for (let offset = 0; offset < 3; offset++) {
    const inner = base64Within(secret, offset);
    forms.add(inner);
    forms.add(inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  // Longest first, so that no form is broken up by a shorter one inside it.
  return [...forms].filter((form) => form.length >= shortestSecret).sort((a, b) => b.length - a.length);
}

/** What base64 makes of the secret when `offset` bytes stand before it: the digits that depend on it alone. */
function base64Within(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const first = Math.ceil((offset * 8) / 6);
  return bytes.toString('base64').slice(first, Math.floor((bytes.length * 8) / 6));
}
