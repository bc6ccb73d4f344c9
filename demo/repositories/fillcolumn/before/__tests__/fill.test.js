const { fill } = require('..');

describe('fill', () => {
  test('puts as many words on a line as fit', () => {
    expect(fill('one two three four', { width: 9 })).toBe('one two\nthree\nfour');
  });

  test('takes any white space as one blank', () => {
    expect(fill(' one \n\ttwo ')).toBe('one two');
  });

  test('gives a long word a line of its own', () => {
    expect(fill('a incomprehensible b', { width: 6 })).toBe('a\nincomprehensible\nb');
  });
});
