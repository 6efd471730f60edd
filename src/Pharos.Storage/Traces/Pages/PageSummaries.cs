using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Pages;

/// <summary>The columns of a page that sum up its traces, by number of the trace in the page.</summary>
/// <remarks>Searches look at the traces of many pages and give few of them: summaries are made only of pages that something is given from.</remarks>
internal sealed class PageSummaries
{
    private readonly int[] _errorSpans;
    private readonly int[] _orphanSpans;
    private readonly byte[] _frame;
    private readonly string _file;
    private readonly long _offset;
    private readonly int _servicesAt;
    private readonly string[] _symbols;

    /// <param name="frame">What <see cref="SummaryColumns"/> wrote.</param>
    /// <exception cref="Files.CorruptFileException">The columns make no sense.</exception>
    public PageSummaries(byte[] frame, int count, string[] symbols, string file, long offset)
    {
        (_frame, _symbols, _file, _offset) = (frame, symbols, file, offset);
        var reader = new ByteReader(frame, file, offset);
        if (count > reader.Remaining / 8)
        {
            throw reader.Corrupt($"summaries of {count} traces with {reader.Remaining} bytes left");
        }
        (Starts, Ends) = (new long[count], new long[count]);
        var before = 0L;
        for (var i = 0; i < count; i++)
        {
            Starts[i] = before = unchecked(before + reader.Varint());
        }
        for (var i = 0; i < count; i++)
        {
            Ends[i] = unchecked(Starts[i] + reader.Varint());
        }
        Spans = Numbers(ref reader, count, int.MaxValue);
        _errorSpans = Numbers(ref reader, count, int.MaxValue);
        _orphanSpans = Numbers(ref reader, count, int.MaxValue);
        RootServices = Numbers(ref reader, count, symbols.Length);
        RootNames = Numbers(ref reader, count, symbols.Length);
        _servicesAt = reader.Position;
    }

    public long[] Starts { get; }

    public long[] Ends { get; }

    public int[] Spans { get; }

    /// <summary>Numbers of texts in the block.</summary>
    public int[] RootServices { get; }

    public int[] RootNames { get; }

    /// <param name="idOf">The id of the page's trace of a number.</param>
    /// <exception cref="Files.CorruptFileException">The columns make no sense.</exception>
    public TraceSummary[] ToSummaries(Func<int, TraceId> idOf)
    {
        var reader = new ByteReader(_frame, _file, _offset) { Position = _servicesAt };
        var summaries = new TraceSummary[Starts.Length];
        for (var i = 0; i < summaries.Length; i++)
        {
            var services = new TraceService[reader.Count(minBytesEach: 3)];
            for (var j = 0; j < services.Length; j++)
            {
                services[j] = new TraceService(
                    AttributeCodec.Text(ref reader, _symbols), AttributeCodec.Below(ref reader, int.MaxValue), AttributeCodec.Below(ref reader, int.MaxValue));
            }
            summaries[i] = new TraceSummary(
                idOf(i), _symbols[RootServices[i]], _symbols[RootNames[i]], Starts[i], Ends[i], Spans[i], _errorSpans[i], _orphanSpans[i], services);
        }
        return summaries;
    }

    private static int[] Numbers(ref ByteReader reader, int count, int limit)
    {
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = AttributeCodec.Below(ref reader, limit);
        }
        return numbers;
    }
}
