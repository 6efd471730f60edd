using Pharos.Storage.Index;
using Pharos.Storage.Model;

namespace Pharos.Storage.Logs.Head;

/// <summary>Entries in memory: those since the head before it was full, until a new head takes its place and it is sealed into files.</summary>
/// <remarks>Written under the store's commit lock by batches: add, then <see cref="Publish"/> or <see cref="RollBack"/>. Readers select streams
/// by the index and see what is published. Bounded by the store's <c>HeadBytes</c>.</remarks>
internal sealed class LogHead : IDisposable
{
    /// <summary>The label under which the index has the tenant: no label of a stream has an empty name.</summary>
    public const string TenantLabel = "";

    private const int MaxLabelsOnStack = 64;

    private readonly LabelIndex _index = new();
    private readonly List<HeadStream> _touched = [];
    private volatile HeadStream[] _streams = new HeadStream[16];
    private int _streamCount;
    private int _pendingStreams;
    private long _pendingBytes;
    private long _pendingEntries;
    private long _bytes;
    private long _entries;

    /// <param name="generation">The log segment with which it begins.</param>
    public LogHead(long generation) => Generation = generation;

    /// <summary>Says in the log whose numbers of streams a record uses.</summary>
    public long Generation { get; }

    /// <summary>The segment with which the next head begins; set when this one takes no more.</summary>
    public long EndSegment { get; set; }

    /// <summary>When it got its first entry, by the store's monotonic clock; null while it has none.</summary>
    public long? SinceTimestamp { get; set; }

    /// <summary>The store's marks when it got its last batch; set when it takes no more.</summary>
    public IReadOnlyDictionary<string, string> Marks { get; set; } = LogMarks.None;

    public HeadMetadata Metadata { get; } = new();

    /// <summary>Memory that it takes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long Entries => Volatile.Read(ref _entries);

    public int StreamCount => Volatile.Read(ref _streamCount);

    /// <summary>Those that readers see, by number.</summary>
    public ReadOnlySpan<HeadStream> Streams
    {
        get
        {
            var count = StreamCount;
            return _streams.AsSpan(0, count);
        }
    }

    /// <summary>The streams that the batch at hand has touched.</summary>
    public IReadOnlyList<HeadStream> Touched => _touched;

    /// <summary>A stream's entries here, made where there are none.</summary>
    public HeadStream Of(LogStream stream)
    {
        if (stream.Newest is { } known && ReferenceEquals(known.Head, this))
        {
            return known;
        }
        var streams = _streams;
        if (_pendingStreams == streams.Length)
        {
            Array.Resize(ref streams, streams.Length * 2);
            _streams = streams;
        }
        var made = new HeadStream(this, stream, _pendingStreams);
        streams[_pendingStreams++] = made;
        _pendingBytes += HeadStream.OverheadBytes;
        stream.Newest = made;
        return made;
    }

    public void Add(HeadStream stream, long timeNs, ReadOnlySpan<byte> line, ReadOnlySpan<byte> metadata)
    {
        if (!stream.IsTouched)
        {
            stream.IsTouched = true;
            _touched.Add(stream);
        }
        _pendingBytes += stream.Add(timeNs, line, metadata);
        _pendingEntries++;
    }

    /// <summary>Shows readers what was added.</summary>
    public void Publish()
    {
        for (var i = _streamCount; i < _pendingStreams; i++)
        {
            Index(_streams[i]);
        }
        foreach (var stream in _touched)
        {
            stream.Publish();
        }
        _touched.Clear();
        Volatile.Write(ref _streamCount, _pendingStreams);
        Volatile.Write(ref _bytes, _bytes + _pendingBytes);
        Volatile.Write(ref _entries, _entries + _pendingEntries);
        (_pendingBytes, _pendingEntries) = (0, 0);
    }

    /// <summary>Takes away what was added since the last <see cref="Publish"/>.</summary>
    public void RollBack()
    {
        foreach (var stream in _touched)
        {
            stream.RollBack();
        }
        _touched.Clear();
        for (var i = _streamCount; i < _pendingStreams; i++)
        {
            _streams[i].Stream.Newest = null;
        }
        _pendingStreams = _streamCount;
        (_pendingBytes, _pendingEntries) = (0, 0);
    }

    /// <summary>The streams of a tenant that all matchers match.</summary>
    public List<HeadStream> Select(string tenant, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var selected = new List<HeadStream>();
        foreach (var id in _index.Select([new LabelMatcher(Model.MatchType.Equal, TenantLabel, tenant), .. matchers], cancellation))
        {
            // A stream is in the index a moment before it is published.
            if ((int)id <= StreamCount)
            {
                selected.Add(_streams[(int)id - 1]);
            }
        }
        return selected;
    }

    public void Dispose() => _index.Dispose();

    /// <summary>Ids begin with 1.</summary>
    private void Index(HeadStream stream)
    {
        var all = LogStreamKey.Of(stream.Stream).Span;
        Span<uint> pairs = stackalloc uint[MaxLabelsOnStack];
        pairs = all.Length <= MaxLabelsOnStack ? pairs[..all.Length] : new uint[all.Length];
        _index.Acquire(all, pairs);
        _index.Add((ulong)stream.Number + 1, pairs);
    }
}
