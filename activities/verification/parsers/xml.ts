import { Problem } from '../../../schemas/problem.ts';

/** An element with its place in the document: children come after it, and all its descendants before `end`. */
export interface XmlElement {
  /** `{namespace}name` in a namespace, else the name. */
  tag: string;
  attributes: Map<string, string>;
  /** Index of the parent, -1 for the root. */
  parent: number;
  /** Index of the first element after its last descendant. */
  end: number;
}

const simpleName = String.raw`[_\p{L}][_\p{L}\p{N}\p{M}.\-\xb7]*`;
const qualifiedName = new RegExp(`${simpleName}(?::${simpleName})?`, 'uy');
const declaration =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["'])[\w.-]+\1(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(["'])[A-Za-z][\w.-]*\2)?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(["'])(?:yes|no)\3)?[ \t\r\n]*\?>/;
/** What a document declares itself is skipped, not read. */
const doctype = new RegExp(String.raw`<!DOCTYPE[ \t\n]+${simpleName}(?:[ \t\n][^\[\]<>&]*)?(?:\[[^\]]*\][ \t\n]*)?>`, 'uy');
// oxlint-disable-next-line no-control-regex -- characters that no document may hold
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u;
/** Each element that declares one copies those in force, so their number is bounded. */
const mostNamespaces = 256;
const reference = /&([^;&<]*;)?/g;
const entities = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Reads a whole document as strictly as expat does and gives its elements in document order. Throws `Problem`
 * malformed_xml. Entities that the document declares itself are not known, so a use of one is malformed.
 */
export function parseXml(document: string): XmlElement[] {
  if (forbidden.test(document)) throw malformed(document, 0, 'a character that XML forbids');
  return new XmlReader(document).read();
}

function malformed(document: string, at: number, what: string): Problem {
  return new Problem('malformed_xml', `${what} at character ${at}: ${JSON.stringify(document.slice(at, at + 40))}`);
}

class XmlReader {
  private readonly text: string;
  private at = 0;
  private readonly elements: XmlElement[] = [];
  /** The open elements, each with its name as written and the namespaces in force. */
  private readonly open: { index: number; name: string; namespaces: ReadonlyMap<string, string> }[] = [];

  constructor(text: string) {
    this.text = text.replace(/\r\n?/g, '\n');
  }

  read(): XmlElement[] {
    this.at = declaration.exec(this.text)?.[0].length ?? 0;
    while (this.at < this.text.length) {
      if (this.text[this.at] !== '<') this.readText();
      else if (this.text.startsWith('<!--', this.at)) this.readComment();
      else if (this.text.startsWith('<![CDATA[', this.at)) this.readCdata();
      else if (this.text.startsWith('<!', this.at)) this.readDoctype();
      else if (this.text.startsWith('<?', this.at)) this.readInstruction();
      else if (this.text.startsWith('</', this.at)) this.readEnd();
      else this.readStart();
    }
    if (this.open.length > 0 || this.elements.length === 0) throw this.fail('an element is missing its end');
    return this.elements;
  }

  private fail(what: string): Problem {
    return malformed(this.text, this.at, what);
  }

  private readText(): void {
    const next = this.text.indexOf('<', this.at);
    const text = this.text.slice(this.at, next === -1 ? undefined : next);
    if (this.open.length === 0 && /[^ \t\n]/.test(text)) throw this.fail('text outside the root element');
    if (text.includes(']]>')) throw this.fail('"]]>" in text');
    this.decode(text);
    this.at += text.length;
  }

  private readComment(): void {
    const end = this.text.indexOf('--', this.at + 4);
    if (end === -1 || this.text[end + 2] !== '>') throw this.fail('a comment that does not end');
    this.at = end + 3;
  }

  private readCdata(): void {
    const end = this.text.indexOf(']]>', this.at);
    if (end === -1 || this.open.length === 0) throw this.fail('a misplaced CDATA section');
    this.at = end + 3;
  }

  private readDoctype(): void {
    doctype.lastIndex = this.at;
    const match = doctype.exec(this.text);
    if (match === null || this.elements.length > 0) throw this.fail('a misplaced declaration');
    this.at += match[0].length;
  }

  private readInstruction(): void {
    const end = this.text.indexOf('?>', this.at + 2);
    if (end === -1) throw this.fail('an instruction that does not end');
    const target = this.nameAt(this.at + 2);
    const after = this.text[this.at + 2 + target.length] ?? '';
    if (/^xml$|:/i.test(target) || !(/[ \t\n]/.test(after) || this.at + 2 + target.length === end))
      throw this.fail('a misplaced instruction');
    this.at = end + 2;
  }

  private readEnd(): void {
    const name = this.nameAt(this.at + 2);
    this.at += 2 + name.length;
    this.skipSpaces();
    const opened = this.open.pop();
    if (opened === undefined || opened.name !== name || this.text[this.at] !== '>') throw this.fail(`an unexpected </${name}`);
    this.at++;
    const element = this.elements[opened.index];
    if (element !== undefined) element.end = this.elements.length;
  }

  private readStart(): void {
    if (this.open.length === 0 && this.elements.length > 0) throw this.fail('a second root element');
    const name = this.nameAt(this.at + 1);
    this.at += 1 + name.length;
    const written = this.readAttributes();
    const namespaces = this.namespacesWith(written);
    const attributes = new Map<string, string>();
    for (const [key, value] of written) {
      if (key === 'xmlns' || key.startsWith('xmlns:')) continue;
      const expanded = key.includes(':') ? this.expand(key, namespaces) : key;
      if (attributes.has(expanded)) throw this.fail(`attribute ${key} twice`);
      attributes.set(expanded, value);
    }
    const empty = this.text[this.at] === '/';
    if (empty) this.at++;
    if (this.text[this.at] !== '>') throw this.fail('a tag that does not end');
    this.at++;
    const index = this.elements.length;
    this.elements.push({ tag: this.expand(name, namespaces), attributes, parent: this.open.at(-1)?.index ?? -1, end: index + 1 });
    if (!empty) this.open.push({ index, name, namespaces });
  }

  private readAttributes(): Map<string, string> {
    const attributes = new Map<string, string>();
    for (;;) {
      const spaced = this.skipSpaces();
      const next = this.text[this.at];
      if (next === undefined || next === '>' || next === '/') return attributes;
      const name = this.nameAt(this.at);
      if (!spaced || attributes.has(name)) throw this.fail(`a misplaced attribute ${name}`);
      this.at += name.length;
      this.skipSpaces();
      if (this.text[this.at] !== '=') throw this.fail(`attribute ${name} without a value`);
      this.at++;
      this.skipSpaces();
      const quote = this.text[this.at];
      const end = quote === '"' || quote === "'" ? this.text.indexOf(quote, this.at + 1) : -1;
      const value = this.text.slice(this.at + 1, Math.max(end, 0));
      if (end === -1 || value.includes('<')) throw this.fail(`the value of attribute ${name}`);
      attributes.set(name, this.decode(value.replace(/[\t\n]/g, ' ')));
      this.at = end + 1;
    }
  }

  private namespacesWith(attributes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const outer = this.open.at(-1)?.namespaces ?? new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]);
    const declared = [...attributes].filter(([key]) => key === 'xmlns' || key.startsWith('xmlns:'));
    if (declared.length === 0) return outer;
    if (outer.size > mostNamespaces) throw this.fail('too many namespaces');
    if (declared.some(([key, uri]) => key !== 'xmlns' && uri === '')) throw this.fail('a prefix bound to nothing');
    return new Map([...outer, ...declared.map(([key, uri]): [string, string] => [key.slice(6), uri])]);
  }

  private expand(name: string, namespaces: ReadonlyMap<string, string>): string {
    const [prefix = '', local] = name.includes(':') ? name.split(':') : ['', name];
    const uri = namespaces.get(prefix);
    if (uri === undefined && prefix !== '') throw this.fail(`unbound prefix ${prefix}`);
    return uri === undefined || uri === '' ? `${local}` : `{${uri}}${local}`;
  }

  private nameAt(start: number): string {
    qualifiedName.lastIndex = start;
    const name = qualifiedName.exec(this.text)?.[0];
    if (name === undefined) throw this.fail('a name is missing');
    return name;
  }

  private skipSpaces(): boolean {
    const start = this.at;
    for (let code = this.text.charCodeAt(start); code === 0x20 || code === 0x0a || code === 0x09; code = this.text.charCodeAt(this.at))
      this.at++;
    return this.at > start;
  }

  private decode(text: string): string {
    return text.includes('&') ? text.replace(reference, (_, name: string | undefined) => this.resolve(name?.slice(0, -1) ?? '')) : text;
  }

  private resolve(name: string): string {
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,8})|0*([0-9]{1,8}))$/.exec(name) ?? [];
    const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
    const text = Number.isNaN(code) || code > 0x10ffff ? entities.get(name) : String.fromCodePoint(code);
    if (text === undefined || forbidden.test(text)) throw this.fail(`unknown entity ${name}`);
    return text;
  }
}
