const { words } = require('../lib/words');

test('an empty text has no words', () => {
  expect(words(' \n')).toEqual([]);
});

test('words come in their order', () => {
  expect(words('b a\nc')).toEqual(['b', 'a', 'c']);
});
