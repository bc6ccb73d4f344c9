const { words } = require('./words');

/** Breaks a text into lines of at most `width` characters; a longer word has a line of its own. */
exports.fill = (text, { width = 72, indent = '' } = {}) => {
  const lines = [];
  let line = '';
  for (const word of words(text)) {
    if (line === '') {
      line = word;
    } else if (line.length + word.length < width) {
      line += ` ${word}`;
    } else {
      lines.push(line);
      line = indent + word;
    }
  }
  if (line !== '') lines.push(line);
  return lines.join('\n');
};
