using System.Runtime.InteropServices;
using Pharos.Collection.Hashing;
using Pharos.Storage.Metrics;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Some hundred samples of a request whose series may be known, column by column, so that they are appended at
/// once. Reused.</summary>
/// <remarks>Only for samples that the request's order says nothing about: what is appended otherwise waits until the block is empty.
/// </remarks>
internal sealed class SampleBlock
{
    private const int Capacity = 512;

    private readonly int[] _starts = new int[Capacity];
    private readonly int[] _lengths = new int[Capacity];
    private readonly TextHash[] _hashes = new TextHash[Capacity];
    private readonly ulong[] _references = new ulong[Capacity];
    private readonly long[] _timestamps = new long[Capacity];
    private readonly double[] _values = new double[Capacity];
    private readonly AppendResult[] _results = new AppendResult[Capacity];
    private readonly List<KeyValuePair<TextHash, ulong>> _learned = [];
    private int _expected;
    private int _expectedBySymbols;

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>Where <see cref="KnownSeries"/> has the series that is expected next.</summary>
    public ref int Expected => ref _expected;

    /// <summary>As <see cref="Expected"/>, among the series of protocol 2.0.</summary>
    public ref int ExpectedBySymbols => ref _expectedBySymbols;

    /// <param name="start">Where the series' message begins in the request, which tells it from others.</param>
    /// <param name="reference">0 where the series is not known.</param>
    public void Add(int start, int length, TextHash hash, ulong reference, long timestampMs, double value)
    {
        _starts[Count] = start;
        _lengths[Count] = length;
        _hashes[Count] = hash;
        _references[Count] = reference;
        _timestamps[Count] = timestampMs;
        _values[Count] = value;
        Count++;
    }

    /// <summary>Takes the newest samples back.</summary>
    public void Cut(int count) => Count = count;

    /// <summary>Appends what is known; <see cref="ResultAt"/> then tells what became of each sample.</summary>
    public void Append(IMetricAppender appender) => appender.Append(
        _references.AsSpan(0, Count), _timestamps.AsSpan(0, Count), _values.AsSpan(0, Count), _results.AsSpan(0, Count));

    public AppendResult ResultAt(int index) => _results[index];

    public long TimestampAt(int index) => _timestamps[index];

    public Range MessageAt(int index) => _starts[index]..(_starts[index] + _lengths[index]);

    public bool IsOfSameSeries(int index, int other) => _starts[index] == _starts[other];

    /// <summary>Notes the reference under which a series is to be known.</summary>
    public void Learn(int index, ulong reference) => _learned.Add(new KeyValuePair<TextHash, ulong>(_hashes[index], reference));

    /// <summary>Empties the block for the next samples, and hands over what was learned.</summary>
    public void Finish(KnownSeries known)
    {
        known.Remember(CollectionsMarshal.AsSpan(_learned));
        _learned.Clear();
        Count = 0;
    }
}
