import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { z } from 'zod';

/** Where in a text a format was found. */
export type Span = readonly [start: number, end: number];

/** A format of keys, tokens or passwords. */
export interface SecretFormat {
  name: string;
  find: (text: string) => Span[];
}

const Handlers = z.object({ file: z.custom<(source: Source) => unknown>((value) => typeof value === 'function') });
const Report = z.object({ range: z.tuple([z.int(), z.int()]) });

interface Source {
  content: string;
  filePath: string;
  ext: string;
  contentType: 'text';
}

interface Context {
  sharedOptions: object;
  ignore: () => void;
  report: (report: unknown) => void;
  createTranslator: () => (id: string) => object;
}

/** The part of the package's shapes that is used; another shape in a later version stops the program at its start. */
const Rules = z
  .array(
    z.object({
      meta: z.object({ id: z.string() }),
      create: z.custom<(context: Context, options: object) => unknown>((value) => typeof value === 'function'),
    }),
  )
  .min(20);

/** A comment in a text silences the other rules; what a trajectory says about itself counts for nothing here. */
const silencing = '@secretlint/secretlint-rule-filter-comments';

/** The maintained set of formats: the recommended rules of Secretlint, without its command line and its reports. */
export const maintainedFormats: SecretFormat[] = Rules.parse(rules)
  .filter(({ meta }) => meta.id !== silencing)
  .map(({ meta, create }) => {
    const found: Span[] = [];
    const { file } = Handlers.parse(
      create(
        {
          sharedOptions: {},
          ignore: () => undefined,
          report: (report) => void found.push(Report.parse(report).range),
          // Its messages would repeat the secret.
          createTranslator: () => (messageId) => ({ messageId, message: messageId }),
        },
        {},
      ),
    );
    return {
      name: meta.id.replace('@secretlint/secretlint-rule-', ''),
      find(text) {
        found.length = 0;
        // Rules for files of one format look at the name; a text has none.
        file({ content: text, filePath: 'text', ext: '', contentType: 'text' });
        return [...found];
      },
    };
  });
