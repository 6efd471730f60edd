import { Fragment, type ReactNode } from 'react';

import classes from './Markdown.module.css';
import { parseMarkdown, type Block } from './markdownBlocks';
import { parseInline, type Inline } from './markdownInline';

/** Draws the common part of Markdown as elements; nothing in the text can become a script or a tag. */
export function Markdown({ text }: { text: string }) {
  return <div className={classes.markdown}>{parseMarkdown(text).map(drawBlock)}</div>;
}

function drawBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case 'heading': {
      const Heading = `h${Math.min(block.level + 1, 6)}` as 'h2';
      return <Heading key={key}>{drawText(block.text)}</Heading>;
    }
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List key={key}>
          {block.items.map((item, i) => (
            <li key={i}>{drawText(item)}</li>
          ))}
        </List>
      );
    }
    case 'code':
      return <pre key={key}>{block.text}</pre>;
    case 'rule':
      return <hr key={key} />;
    case 'paragraph':
      return <p key={key}>{drawText(block.text)}</p>;
  }
}

function drawText(text: string): ReactNode {
  return parseInline(text).map((part, i) => <Fragment key={i}>{drawInline(part)}</Fragment>);
}

function drawInline(part: Inline): ReactNode {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'strong':
      return <strong>{drawText(part.text)}</strong>;
    case 'em':
      return <em>{drawText(part.text)}</em>;
    case 'code':
      return <code>{part.text}</code>;
    case 'link':
      return (
        <a href={part.href} className="link" target="_blank" rel="noreferrer">
          {part.text}
        </a>
      );
  }
}
