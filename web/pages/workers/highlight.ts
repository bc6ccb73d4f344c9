import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import typescript from 'highlight.js/lib/languages/typescript';
import { rangesOfMarkup } from '../text/markup-ranges.ts';

/** Colours code beside the page. Its library yields markup, of which only the names of classes leave this thread. */
for (const [name, language] of Object.entries({ bash, go, java, javascript, json, python, rust, typescript })) {
  hljs.registerLanguage(name, language);
}

self.addEventListener('message', ({ data }: MessageEvent<{ number: number; code: string; language: string }>) => {
  const { number, code, language } = data;
  const known = hljs.getLanguage(language) !== undefined;
  self.postMessage({ number, ranges: known ? rangesOfMarkup(hljs.highlight(code, { language }).value, code) : [] });
});
