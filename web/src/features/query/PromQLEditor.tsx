import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { useEffect, useRef } from 'react';

import { basePath } from '../../api/http';
import { editorTheme, promqlColors } from './editorTheme';

interface Props {
  value: string;
  onChange: (value: string) => void;
  onRun: (value: string) => void;
}

const metricLimit = 10_000;

/** CodeMirror with PromQL: colours, checks while typing, and completion from this server's own series. */
export default function PromQLEditor({ value, onChange, onRun }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ value, onChange, onRun });

  useEffect(() => {
    latest.current = { value, onChange, onRun };
  });

  useEffect(() => {
    const promql = new PromQLExtension()
      .activateCompletion(true)
      .activateLinter(true)
      .setComplete({
        remote: { url: basePath.replace(/\/$/, ''), httpMethod: 'GET', cache: { maxAge: 60_000 } },
        maxMetricsMetadata: metricLimit,
      });
    const made = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          promql.asExtension(),
          ...editing,
          Prec.highest(
            keymap.of([
              {
                key: 'Enter',
                run: (editor) => {
                  latest.current.onRun(editor.state.doc.toString());
                  return true;
                },
              },
              { key: 'Shift-Enter', run: insertNewlineAndIndent },
            ]),
          ),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              latest.current.onChange(update.state.doc.toString());
            }
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
      promql.destroy();
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  return <div ref={host} />;
}

const editing: Extension[] = [
  history(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  syntaxHighlighting(promqlColors),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ 'aria-label': 'PromQL expression' }),
  placeholder('up, or rate(progressive_http_requests_total[5m])'),
  editorTheme,
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
];
