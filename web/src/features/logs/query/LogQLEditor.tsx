import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { useEffect, useRef } from 'react';

import { editorTheme, promqlColors } from '../../query/editorTheme';
import { logqlCompletion, type CompletionSource } from './completions';
import { logqlLanguage } from './logqlLanguage';

interface Props {
  value: string;
  source: CompletionSource;
  /** Where the server found a mistake in the text as it was run; null for none. */
  problemOffset: number | null;
  problemText: string;
  onChange: (value: string) => void;
  onRun: (value: string) => void;
}

/** CodeMirror with LogQL: colours, completion from this server's labels and fields, and its errors in their place. */
export default function LogQLEditor(props: Props) {
  const { value, source, problemOffset, problemText, onChange, onRun } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ value, source, onChange, onRun });

  useEffect(() => {
    latest.current = { value, source, onChange, onRun };
  });

  useEffect(() => {
    const made = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          logqlLanguage,
          autocompletion({ override: [logqlCompletion(() => latest.current.source)] }),
          ...editing,
          Prec.highest(
            keymap.of([
              {
                key: 'Enter',
                run: (editor) => {
                  // A list that has only just appeared takes no key yet; a half-typed query is not run either.
                  if (completionStatus(editor.state) === 'active') {
                    acceptCompletion(editor);
                    return true;
                  }
                  latest.current.onRun(editor.state.doc.toString());
                  return true;
                },
              },
              { key: 'Shift-Enter', run: insertNewlineAndIndent },
            ]),
          ),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) {
              return;
            }
            latest.current.onChange(update.state.doc.toString());
            // A completed label wants its value next, which no letter has asked for yet.
            const head = update.state.selection.main.head;
            const completed = update.transactions.some((made) => made.isUserEvent('input.complete'));
            if (completed && update.state.sliceDoc(head - 1, head) === '=') {
              setTimeout(() => startCompletion(update.view), 0);
            }
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor) {
      const length = editor.state.doc.length;
      const found = problemOffset === null ? [] : [diagnostic(problemOffset, problemText, length)];
      editor.dispatch(setDiagnostics(editor.state, found));
    }
  }, [problemOffset, problemText]);

  return <div ref={host} />;
}

function diagnostic(offset: number, message: string, length: number): Diagnostic {
  const to = Math.min(length, offset + 1);
  return { from: Math.min(offset, Math.max(0, to - 1)), to, severity: 'error', message };
}

const editing: Extension[] = [
  history(),
  bracketMatching(),
  closeBrackets(),
  syntaxHighlighting(promqlColors),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ 'aria-label': 'LogQL query' }),
  placeholder('{service_name="..."} |= "error", or sum by (level) (rate({...}[$__auto]))'),
  editorTheme,
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
];
