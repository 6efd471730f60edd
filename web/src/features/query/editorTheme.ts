import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The editor in the colours of the page; the variables change with the theme, so one style serves both. */
export const editorTheme = EditorView.theme({
  '&': {
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: 'var(--mantine-radius-sm)',
    background: 'var(--mantine-color-default)',
    fontSize: '13.5px',
  },
  '&.cm-focused': { outline: 'none', borderColor: 'var(--ph-accent)' },
  '.cm-content': {
    padding: '8px 4px',
    fontFamily: 'var(--mantine-font-family-monospace)',
    caretColor: 'var(--ph-text)',
  },
  '.cm-placeholder': { color: 'var(--ph-muted)' },
  '.cm-cursor': { borderLeftColor: 'var(--ph-text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--ph-selected) !important',
  },
  '.cm-matchingBracket': { background: 'var(--ph-selected) !important' },
  '.cm-tooltip': {
    border: '1px solid var(--ph-border)',
    borderRadius: 'var(--mantine-radius-sm)',
    background: 'var(--ph-surface)',
    color: 'var(--ph-text)',
    boxShadow: 'var(--mantine-shadow-md)',
  },
  '.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mantine-font-family-monospace) !important',
    maxHeight: '320px',
  },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px !important' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--ph-selected) !important',
    color: 'var(--ph-selected-text) !important',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { marginLeft: '12px', color: 'var(--ph-muted)', fontStyle: 'normal' },
  '.cm-completionInfo': { padding: '8px', maxWidth: '360px' },
});

export const promqlColors = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--ph-blue-text)', fontWeight: '600' },
  { tag: tags.function(tags.variableName), color: 'var(--ph-accent)' },
  { tag: tags.operator, color: 'var(--ph-muted)' },
  { tag: tags.modifier, color: 'var(--ph-blue-text)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ph-green-text)' },
  { tag: tags.number, color: 'var(--ph-amber-text)' },
  { tag: tags.labelName, color: 'var(--ph-red-text)' },
  { tag: tags.comment, color: 'var(--ph-muted)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--ph-red)' },
]);
