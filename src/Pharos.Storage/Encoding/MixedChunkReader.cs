using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Encoding;

/// <summary>Unpacks what <see cref="MixedChunkWriter"/> packed, sample by sample.</summary>
/// <remarks>The end of the bytes ends the chunk, and so does a layout that no writer makes: what a damaged one says of itself is
/// not believed beyond the bits that are there.</remarks>
internal ref struct MixedChunkReader(ReadOnlySpan<byte> bytes, int count)
{
    private readonly HistogramFields _fields = new();
    private BitReader _bits = new(bytes);
    private int _left = count;
    private bool _isStarted;
    private MixedChunkForm _form;
    private long _timestampMs;
    private long _delta;
    private ulong _valueBits;
    private XorWindow _window;
    private long _constantStartMs;
    private long _startMs;

    public readonly long TimestampMs => _timestampMs;

    /// <summary>The sample at hand; a histogram is made anew at each call.</summary>
    public readonly SeriesSample Current => new(_timestampMs, BitConverter.UInt64BitsToDouble(_valueBits), _form.Kind switch
    {
        MixedChunkForm.SampleKind.Number => null,
        MixedChunkForm.SampleKind.StaleHistogram => NativeHistogram.Stale,
        _ => _fields.ToHistogram(BitConverter.UInt64BitsToDouble(_valueBits), _form.Hint),
    }, _startMs);

    public bool Next()
    {
        if (_left == 0 || _bits.Remaining <= 0 || !ReadForm(out var start))
        {
            _left = 0;
            return false;
        }
        _left--;
        var before = _timestampMs;
        ReadTime();
        _startMs = start switch
        {
            MixedChunkForm.StartRule.Constant => _constantStartMs,
            MixedChunkForm.StartRule.SampleBefore => before,
            _ => 0,
        };
        if (_form.Kind != MixedChunkForm.SampleKind.StaleHistogram)
        {
            _valueBits = _bits.Value(_valueBits, ref _window);
            if (_form.Kind == MixedChunkForm.SampleKind.Histogram)
            {
                _fields.Read(ref _bits);
            }
        }
        return true;
    }

    private bool ReadForm(out MixedChunkForm.StartRule start)
    {
        if (_bits.Bit())
        {
            _form = new MixedChunkForm((MixedChunkForm.SampleKind)_bits.Bits(2), (CounterResetHint)_bits.Bits(2),
                (MixedChunkForm.StartRule)_bits.Bits(2));
            if (_form.Start == MixedChunkForm.StartRule.Constant)
            {
                _constantStartMs = unchecked(_constantStartMs + _bits.Number());
            }
            if (_form.Kind == MixedChunkForm.SampleKind.HistogramWithLayout)
            {
                _form = _form with { Kind = MixedChunkForm.SampleKind.Histogram };
                start = _form.Start;
                return ReadLayout();
            }
        }
        start = _form.Start;
        return true;
    }

    private bool ReadLayout()
    {
        var schema = (int)_bits.Number();
        var threshold = BitConverter.UInt64BitsToDouble(_bits.Bits64());
        var hasIntegerCounts = _bits.Bit();
        var isXor = _bits.Bit();
        if (!ReadSpans(out var positive) || !ReadSpans(out var negative))
        {
            return false;
        }
        var boundCount = _bits.Number();
        if (boundCount is < 0 or > HistogramLayout.MaxBuckets || boundCount * 64 > _bits.Remaining)
        {
            return false;
        }
        var bounds = new double[boundCount];
        for (var i = 0; i < bounds.Length; i++)
        {
            bounds[i] = BitConverter.UInt64BitsToDouble(_bits.Bits64());
        }
        var layout = new HistogramLayout(schema, threshold, positive, negative,
            ImmutableCollectionsMarshal.AsImmutableArray(bounds), hasIntegerCounts, isXor);
        if (layout.PositiveCount < 0 || layout.NegativeCount < 0 || layout.PositiveCount + layout.NegativeCount > _bits.Remaining)
        {
            return false;
        }
        _fields.Begin(layout);
        return true;
    }

    private bool ReadSpans(out ImmutableArray<BucketSpan> spans)
    {
        var spanCount = _bits.Number();
        if (spanCount is < 0 or > HistogramLayout.MaxBuckets || spanCount > _bits.Remaining)
        {
            spans = [];
            return false;
        }
        var read = new BucketSpan[spanCount];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = new BucketSpan((int)_bits.Number(), (int)_bits.Number());
        }
        spans = ImmutableCollectionsMarshal.AsImmutableArray(read);
        return true;
    }

    private void ReadTime()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _timestampMs = (long)_bits.Bits64();
            return;
        }
        unchecked
        {
            _delta += _bits.Number();
            _timestampMs += _delta;
        }
    }
}
