/** Short values are words like EMPTY that servers without keys are given; replacing them would garble texts. */
const shortestSecret = 6;

/** Replaces secrets, as they are and in the encodings in which servers and libraries repeat them. */
export class Redactor {
  readonly #secrets = new Set<string>();
  /** Longest first, so that no form is broken up by a shorter one inside it. */
  #forms: readonly string[] = [];

  constructor(secrets: readonly string[] = []) {
    for (const secret of secrets) this.add(secret);
  }

  add(secret: string): void {
    if (secret.length < shortestSecret || this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    this.#forms = [...new Set([...this.#forms, ...formsOf(secret)])].sort((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    let clean = text;
    for (const form of this.#forms) if (clean.includes(form)) clean = clean.replaceAll(form, '[secret]');
    return clean;
  }
}

function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  for (let offset = 0; offset < 3; offset++) {
    const inner = base64Within(secret, offset);
    forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms.filter((form) => form.length >= shortestSecret);
}

/** What base64 makes of the secret when `offset` bytes stand before it: the digits that depend on it alone. */
function base64Within(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const first = Math.ceil((offset * 8) / 6);
  return bytes.toString('base64').slice(first, Math.floor((bytes.length * 8) / 6));
}
