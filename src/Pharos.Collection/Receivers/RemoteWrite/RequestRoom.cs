using Pharos.Collection.Hashing;
using Pharos.Collection.Protobuf;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>What reading a request needs beside the request itself. Reused, by one request at a time.</summary>
internal sealed class RequestRoom
{
    /// <summary>Beyond so many kinds of metadata in one request a kind may be stored twice.</summary>
    private const int MaxTold = 4096;

    private readonly HashSet<(int Name, TextHash Metadata)> _told = [];
    private (int Name, TextHash Metadata) _toldLast;

    public RequestRoom(TextHasher hasher)
    {
        Symbols = new SymbolTable(hasher);
        Second = new WriteRequestV2(Symbols);
    }

    public SampleBlock Block { get; } = new();

    public RemoteSeries Series { get; } = new();

    public HistogramAssembly Histogram { get; } = new();

    /// <summary>Of a request of protocol 2.0.</summary>
    public SymbolTable Symbols { get; }

    public WriteRequestV2 Second { get; }

    /// <summary>For the hashes of a series' symbols.</summary>
    public TextHash[] Labels { get; } = new TextHash[PlainSeriesV2.MaxLabels * 2];

    /// <summary>Reads the symbols of the next request of protocol 2.0.</summary>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public void Begin(ReadOnlySpan<byte> request)
    {
        _told.Clear();
        _toldLast = (-1, default);
        Symbols.Read(request);
    }

    /// <summary>Whether the request has not told this metadata of a metric before.</summary>
    /// <param name="name">The number of the symbol that is the metric's name.</param>
    /// <param name="metadata">Of the message, whose references mean the same in all of the request.</param>
    public bool IsNews(int name, TextHash metadata)
    {
        if (_toldLast == (name, metadata))
        {
            return false;
        }
        _toldLast = (name, metadata);
        if (_told.Count == MaxTold)
        {
            _told.Clear();
        }
        return _told.Add(_toldLast);
    }
}
