/** What a transcript's head says beside its turns, where a test is about these alone. */
export const bareFacts = {
  id: 'x',
  title: 'x',
  open: false,
  version: '1',
  facts: [],
  ending: null,
  resolved: null,
  tests: [],
  decisions: [],
  fate: null,
  patch: null,
  unread: [],
};
