import { factsOf, jsonLines } from '../profile.ts';
import { plainMessages } from './plain-messages.ts';

/** ms-swift drops reasoning that stands apart: replies are whole texts, with think tags and calls inside; tools are a JSON string. */
export const swift = jsonLines('ms-swift: reasoning and calls inside the text of a reply, tools as a JSON string', (row) =>
  JSON.stringify({ messages: plainMessages(row), tools: JSON.stringify(row.conversation.tools), ...factsOf(row) }),
);
