using Pharos.Storage.Histograms;

namespace Pharos.Storage.Encoding;

/// <summary>Packs samples of one series that are numbers or native histograms, with or without start times.</summary>
/// <remarks>The bit layout stands in docs/formats/metric-block.md. Not thread-safe, but bits once written never change: whoever
/// noted <see cref="Buffer"/> and <see cref="Count"/> under the series' lock may decode them later without it.</remarks>
internal sealed class MixedChunkWriter
{
    private readonly HistogramFields _fields = new();
    private BitWriter _bits;
    private MixedChunkForm _form;
    private long _lastDelta;
    private ulong _lastBits;
    private XorWindow _window;
    private long _startMs;

    public byte[]? Buffer => _bits.Buffer;

    public int SizeBytes => _bits.SizeBytes;

    public int Count { get; private set; }

    public long MinTimeMs { get; private set; }

    public long MaxTimeMs { get; private set; }

    /// <summary>The last sample if it is a histogram, as it was given.</summary>
    public NativeHistogram? LastHistogram { get; private set; }

    /// <summary>The caller has seen to it that the timestamp is after <see cref="MaxTimeMs"/>.</summary>
    /// <param name="hint">Of a histogram: what is to be stored. The first sample of a chunk knows nothing of the one before,
    /// unless it is a gauge.</param>
    public void Append(in SeriesSample sample, CounterResetHint hint)
    {
        var histogram = sample.Histogram;
        if (Count == 0)
        {
            MinTimeMs = sample.TimestampMs;
            hint = hint == CounterResetHint.Gauge ? hint : CounterResetHint.Unknown;
        }
        var form = FormOf(sample, histogram is null ? CounterResetHint.Unknown : hint);
        WriteForm(form, sample);
        WriteTime(sample.TimestampMs);
        if (form.Kind != MixedChunkForm.SampleKind.StaleHistogram)
        {
            var bits = BitConverter.DoubleToUInt64Bits(histogram?.Sum ?? sample.Value);
            _bits.Value(bits, _lastBits, ref _window);
            _lastBits = bits;
            if (histogram is not null)
            {
                _fields.Write(ref _bits, histogram);
            }
        }
        LastHistogram = histogram;
        Count++;
    }

    public byte[] ToArray() => _bits.ToArray();

    private MixedChunkForm FormOf(in SeriesSample sample, CounterResetHint hint)
    {
        var start = StartRuleOf(sample.StartTimeMs);
        if (sample.Histogram is not { } histogram)
        {
            return new MixedChunkForm(MixedChunkForm.SampleKind.Number, CounterResetHint.Unknown, start);
        }
        if (histogram.IsStale)
        {
            return new MixedChunkForm(MixedChunkForm.SampleKind.StaleHistogram, CounterResetHint.Unknown, start);
        }
        var layout = _fields.Layout;
        var isKnown = layout.Fits(histogram) && !ReferenceEquals(layout, HistogramLayout.None)
            && (layout.IsXor || HistogramLayout.IsWhole(histogram));
        return new MixedChunkForm(isKnown ? MixedChunkForm.SampleKind.Histogram : MixedChunkForm.SampleKind.HistogramWithLayout,
            hint, start);
    }

    private MixedChunkForm.StartRule StartRuleOf(long startMs)
    {
        if (startMs == 0)
        {
            return MixedChunkForm.StartRule.Unknown;
        }
        if (Count > 0 && startMs == MaxTimeMs && (_form.Start == MixedChunkForm.StartRule.SampleBefore || startMs != _startMs))
        {
            return MixedChunkForm.StartRule.SampleBefore;
        }
        return MixedChunkForm.StartRule.Constant;
    }

    private void WriteForm(MixedChunkForm form, in SeriesSample sample)
    {
        var hasNewStart = form.Start == MixedChunkForm.StartRule.Constant && sample.StartTimeMs != _startMs;
        if (form == _form && !hasNewStart && form.Kind != MixedChunkForm.SampleKind.HistogramWithLayout)
        {
            _bits.Bit(false);
            return;
        }
        _bits.Bit(true);
        _bits.Bits((ulong)form.Kind, 2);
        _bits.Bits((ulong)form.Hint, 2);
        _bits.Bits((ulong)form.Start, 2);
        if (form.Start == MixedChunkForm.StartRule.Constant)
        {
            _bits.Number(unchecked(sample.StartTimeMs - _startMs));
            _startMs = sample.StartTimeMs;
        }
        if (form.Kind == MixedChunkForm.SampleKind.HistogramWithLayout)
        {
            WriteLayout(sample.Histogram!);
            form = form with { Kind = MixedChunkForm.SampleKind.Histogram };
        }
        _form = form;
    }

    private void WriteLayout(NativeHistogram histogram)
    {
        // Once a chunk has counts that are no whole numbers it stays with doubles, so that it does not change to and fro.
        var isXor = _fields.Layout.IsXor || !HistogramLayout.IsWhole(histogram);
        var layout = HistogramLayout.Of(histogram, isXor);
        _bits.Number(layout.Schema);
        _bits.Bits64(BitConverter.DoubleToUInt64Bits(layout.ZeroThreshold));
        _bits.Bit(layout.HasIntegerCounts);
        _bits.Bit(layout.IsXor);
        foreach (var spans in new[] { layout.PositiveSpans, layout.NegativeSpans })
        {
            _bits.Number(spans.Length);
            foreach (var span in spans)
            {
                _bits.Number(span.Offset);
                _bits.Number(span.Length);
            }
        }
        _bits.Number(layout.CustomBounds.Length);
        foreach (var bound in layout.CustomBounds)
        {
            _bits.Bits64(BitConverter.DoubleToUInt64Bits(bound));
        }
        _fields.Begin(layout);
    }

    private void WriteTime(long timestampMs)
    {
        if (Count == 0)
        {
            _bits.Bits64((ulong)timestampMs);
        }
        else
        {
            // Wrapping subtraction: any two timestamps have a difference, and the reader wraps back.
            var delta = unchecked(timestampMs - MaxTimeMs);
            _bits.Number(unchecked(delta - _lastDelta));
            _lastDelta = delta;
        }
        MaxTimeMs = timestampMs;
    }
}
