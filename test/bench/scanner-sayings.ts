/** What an honest agent says between its calls: varied, so that no cache of sentences makes the scanner look fast. */
export const sayings: readonly string[] = `
The list ends early, so the loop condition may be off by one.
Let me look at how the parser treats the end of its input.
I will first reproduce the failure with a small script.
The traceback points at line {n} of parser.py, inside _flush.
This helper is called from three places; only one passes a default.
If the buffer is empty the function returns None, which the caller does not expect.
Hmm, the condition is inverted here: it should skip blank lines, not keep them.
Next I check whether the tests cover this branch at all.
The test file has {n} cases, but none of them ends without a newline.
According to the docstring the second argument is optional.
I changed the slice to [start:end + 1] and the reproduction passes now.
Wait, that also changes the result for nested lists, so it is not right.
Better: keep the slice and move the check of the length above it.
The issue says that the last item is dropped only when the list has {n} items.
Both implementations share the same base class, so the fix belongs there.
Running the whole test file takes about {n} seconds.
Two tests fail now, and both compare the old message of the error.
I should keep the public signature as it is, since other modules import it.
There is a similar loop in writer.py, which handles the end correctly.
Let me apply the same structure here and run the tests again.
All tests pass. I will also add a case for an empty list.
In Python, slicing beyond the end does not raise, so this stays silent.
The variable is shadowed in the inner function, which explains the odd value.
With \`strict=True\` the zip would have shown the problem at once.
I will remove the temporary script and look at the diff once more.
The diff touches parser.py and its test, nothing else.
Maybe the cache keeps the old value: the key does not include the separator.
No, the cache is cleared at the start of each call.
The configuration is read in setup.cfg, section tool:parser.
So the order is: tokenize, group, then build; the item is lost while grouping.
`
  .trim()
  .split('\n');
