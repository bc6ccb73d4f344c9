import { type MarkedToken, type Token, lexer } from 'marked';
import type { ComponentChildren } from 'preact';
import { isPlainSentence } from './plain-sentence.ts';
import { Lines, Shown } from './shown.tsx';
import { tooDeep } from './too-deep.ts';

/** Markdown by its structure, as text nodes in elements of this page; what is too deep, or cannot be read, as plain text. */
export function Markdown({ text }: { text: string }) {
  if (isPlainSentence(text)) {
    return (
      <div class="markdown">
        <p>
          <Shown text={text} />
        </p>
      </div>
    );
  }
  const tokens = tokensOf(text);
  return tokens === undefined ? <Lines text={text} /> : <div class="markdown">{blocks(tokens)}</div>;
}

function tokensOf(text: string): Token[] | undefined {
  if (tooDeep(text)) return undefined;
  try {
    return lexer(text);
  } catch {
    return undefined;
  }
}

function blocks(tokens: readonly Token[]): ComponentChildren[] {
  return tokens.map((token) => node(known(token)));
}

/** The lexer's type has a case for the tokens of extensions, of which there are none. */
function known(token: Token): MarkedToken | { type: 'other'; raw: string } {
  return isMarked(token) ? token : { type: 'other', raw: token.raw };
}

function isMarked(token: Token): token is MarkedToken {
  return token.type !== 'other';
}

function node(token: MarkedToken | { type: 'other'; raw: string }): ComponentChildren {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'code':
      return <Lines text={token.text} />;
    case 'heading':
      return <p class="heading">{blocks(token.tokens)}</p>;
    case 'blockquote':
      return <blockquote>{blocks(token.tokens)}</blockquote>;
    case 'list': {
      const items = token.items.map((item) => <li>{blocks(item.tokens)}</li>);
      return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'list_item':
      return <li>{blocks(token.tokens)}</li>;
    case 'checkbox':
      return token.checked ? '[x] ' : '[ ] ';
    case 'paragraph':
      return <p>{blocks(token.tokens)}</p>;
    case 'hr':
      return <hr />;
    case 'table':
      return (
        <table>
          <tr>
            {token.header.map((cell) => (
              <th>{blocks(cell.tokens)}</th>
            ))}
          </tr>
          {token.rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td>{blocks(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </table>
      );
    case 'strong':
      return <strong>{blocks(token.tokens)}</strong>;
    case 'em':
      return <em>{blocks(token.tokens)}</em>;
    case 'del':
      return <del>{blocks(token.tokens)}</del>;
    case 'codespan':
      return (
        <code>
          <Shown text={token.text} />
        </code>
      );
    case 'br':
      return <br />;
    case 'link':
      return <LinkText label={token.text} target={token.href} />;
    case 'image':
      return <Shown text={`[image: ${token.text} (${token.href})]`} />;
    case 'text':
      return token.tokens === undefined ? <Shown text={token.raw} /> : blocks(token.tokens);
    case 'escape':
      return <Shown text={token.text} />;
    case 'html':
    case 'other':
      return <Shown text={token.raw} />;
  }
}

/** A link as text with its target, so that it says where it leads; one that is no web address is none. */
function LinkText({ label, target }: { label: string; target: string }) {
  const shown = <Shown text={label === target ? target : `${label} (${target})`} />;
  if (!/^https?:\/\/[^\s\\]+$/i.test(target)) return shown;
  return (
    <a href={target} target="_blank" rel="noreferrer noopener nofollow">
      {shown}
    </a>
  );
}
