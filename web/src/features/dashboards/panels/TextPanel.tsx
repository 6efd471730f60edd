import { Markdown } from '../../../shared/components/Markdown';

export function TextPanel({ mode, content }: { mode: string; content: string }) {
  if (mode === 'html') {
    // A dashboard file is not trusted with scripts: the frame has no rights at all.
    return (
      <iframe
        sandbox=""
        srcDoc={content}
        title="Text"
        style={{ width: '100%', height: '100%', border: 0, background: '#fff' }}
      />
    );
  }
  return (
    <div style={{ height: '100%', overflow: 'auto', padding: '0 4px' }}>
      {mode === 'code' ? <pre className="mono">{content}</pre> : <Markdown text={content} />}
    </div>
  );
}
