using System.Collections.Immutable;

namespace Pharos.Storage.Histograms;

/// <summary>Walks the buckets of one side with their indexes, in the order in which they are kept.</summary>
/// <remarks>Indexes rise strictly. A malformed histogram does no harm: the walk ends with the spans or the counts, whichever is
/// first, and before an index that does not rise or is too large.</remarks>
internal struct BucketCursor(ImmutableArray<BucketSpan> spans, ImmutableArray<double> counts)
{
    private int _span;
    private int _inSpan;
    private int _at = -1;
    private long _next = spans.Length > 0 ? spans[0].Offset : 0;

    public int Index { get; private set; }

    public readonly double Count => counts[_at];

    public bool MoveNext()
    {
        if (_at + 1 >= counts.Length || _span >= spans.Length)
        {
            return false;
        }
        while (_inSpan >= spans[_span].Length)
        {
            if (++_span >= spans.Length || spans[_span].Offset < 0)
            {
                _span = spans.Length;
                return false;
            }
            _inSpan = 0;
            _next += spans[_span].Offset;
        }
        if (_next > int.MaxValue)
        {
            return false;
        }
        _inSpan++;
        _at++;
        Index = (int)_next++;
        return true;
    }
}
