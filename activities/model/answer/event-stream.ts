/** One server-sent event. `event` is `message` unless the server named it. */
export interface ServerEvent {
  event: string;
  data: string;
}

/**
 * Takes a stream of server-sent events apart, whatever the bytes are cut into. Beyond the standard it understands what servers
 * send all the same: an `error` field (llama.cpp), a JSON object that stands on lines without a field name, and a last event
 * without its blank line. Comments, with which servers show that they live, are no events.
 */
export class EventReader {
  readonly #decoder = new TextDecoder();
  #line = '';
  #carriageReturn = '';
  #event = '';
  #data: string[] = [];
  #bare = false;

  push(bytes: Uint8Array): ServerEvent[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What the end of the stream completes. */
  end(): ServerEvent[] {
    const events = this.#read(`${this.#decoder.decode()}\n`);
    this.#dispatch(events);
    return events;
  }

  #read(decoded: string): ServerEvent[] {
    const lines = this.#withLineFeeds(decoded).split('\n');
    const events: ServerEvent[] = [];
    const rest = lines.pop() ?? '';
    for (const [index, line] of lines.entries()) this.#take(index === 0 ? this.#line + line : line, events);
    this.#line = lines.length === 0 ? this.#line + rest : rest;
    return events;
  }

  /** A carriage return at the end may be the first half of a line end. */
  #withLineFeeds(decoded: string): string {
    const text = this.#carriageReturn + decoded;
    this.#carriageReturn = '';
    if (!text.includes('\r')) return text;
    if (text.endsWith('\r')) this.#carriageReturn = '\r';
    return text.slice(0, text.length - this.#carriageReturn.length).replace(/\r\n?/g, '\n');
  }

  #take(line: string, events: ServerEvent[]): void {
    if (line === '') return this.#dispatch(events);
    if (line.startsWith('{') || line.startsWith('[')) {
      if (this.#data.length > 0) this.#dispatch(events);
      this.#bare = true;
    }
    if (this.#bare) {
      if (!/^(data|event|error):/.test(line)) return void this.#data.push(line);
      this.#dispatch(events);
    }
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const start = line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1;
    const value = colon === -1 ? '' : line.slice(start);
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#event = value;
    else if (name === 'error') {
      this.#event = 'error';
      this.#data.push(value);
    }
  }

  #dispatch(events: ServerEvent[]): void {
    if (this.#data.length > 0) events.push({ event: this.#event || 'message', data: this.#data.join('\n') });
    this.#event = '';
    this.#data = [];
    this.#bare = false;
  }
}
