using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Pages;

/// <summary>The summaries of a page's traces, but for their ids, column by column.</summary>
internal sealed class SummaryColumns
{
    private readonly ByteWriter[] _columns = [.. Enumerable.Range(0, 8).Select(static _ => new ByteWriter())];
    private long _beforeNs;

    public int Count { get; private set; }

    public void Clear()
    {
        foreach (var column in _columns)
        {
            column.Clear();
        }
        (Count, _beforeNs) = (0, 0);
    }

    public void Add(TraceSummary summary, TextTable symbols)
    {
        Count++;
        _columns[0].Varint(unchecked(summary.StartNs - _beforeNs));
        _beforeNs = summary.StartNs;
        _columns[1].Varint(unchecked(summary.EndNs - summary.StartNs));
        _columns[2].UVarint((ulong)summary.Spans);
        _columns[3].UVarint((ulong)summary.ErrorSpans);
        _columns[4].UVarint((ulong)summary.OrphanSpans);
        _columns[5].UVarint((ulong)symbols.NumberOf(summary.RootService));
        _columns[6].UVarint((ulong)symbols.NumberOf(summary.RootName));
        _columns[7].UVarint((ulong)summary.Services.Count);
        foreach (var (name, spans, errors) in summary.Services)
        {
            _columns[7].UVarint((ulong)symbols.NumberOf(name));
            _columns[7].UVarint((ulong)spans);
            _columns[7].UVarint((ulong)errors);
        }
    }

    public void Write(ByteWriter into)
    {
        foreach (var column in _columns)
        {
            into.Bytes(column.Written);
        }
    }
}
