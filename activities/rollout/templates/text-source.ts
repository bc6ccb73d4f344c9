/** Where the texts of a harness come from, and what a user may give in their place. */
export interface TextSource {
  /** Folders of its template files; of two texts with one name that of the later folder counts. */
  folders: readonly string[];
  /** Name of each text → the values that its template may use: what a user's text is tried with when it is loaded. */
  samples: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The text of `samples` whose values a text of another name takes. */
  instanceOf?: (name: string) => string;
  /** Makes an upstream template one of Tracemill's. */
  translate?: (source: string) => string;
  /** A form of upstream's in which one file holds texts. */
  file: {
    /** Endings of its name, with the dot. */
    endings: readonly string[];
    /** What it is, for people: `a prompt (.j2)`. */
    description: string;
    /** Throws `Problem` template_bad with file and line. */
    read: (path: string) => Promise<UserTexts>;
  };
}

/** Texts that a user gives in place of Tracemill's, with where each stands. */
export interface UserTexts {
  /** Name of the text → its source, and the line of the file that the source begins on. */
  texts: Record<string, { source: string; file: string; line: number }>;
  /** Texts of Tracemill's that are not used although no other replaces them. */
  without: string[];
  /** Keys or files without use. */
  unused: string[];
}

/** What a text of that name is tried with; undefined where the harness has no such text. */
export function samplesOf({ samples, instanceOf }: TextSource, name: string): Readonly<Record<string, unknown>> | undefined {
  const text = instanceOf?.(name) ?? name;
  return Object.hasOwn(samples, text) ? samples[text] : undefined;
}
