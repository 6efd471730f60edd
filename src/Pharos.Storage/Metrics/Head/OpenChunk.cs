using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Metrics.Head;

/// <summary>The chunk of a series that still grows, packed as its samples ask for.</summary>
/// <remarks>A mutable struct inside its series, under the series' lock. A plain number costs what the XOR chunk costs; the other
/// writer exists only while the chunk is of its kind.</remarks>
internal struct OpenChunk
{
    /// <summary>A chunk is full with this many samples: an hour of 15-second scrapes.</summary>
    public const int MaxSamples = 240;

    /// <summary>Samples that are at hand at once make chunks of so many.</summary>
    private const int MaxVectorSamples = 1024;

    /// <summary>Of fewer samples the columns' beginnings take more than they save.</summary>
    private const int MinVectorSamples = 8;

    /// <summary>A chunk of histograms is full with this many bytes, so that a short range need not unpack many.</summary>
    private const int MaxMixedBytes = 16 * 1024;

    private XorChunkWriter _xor;
    private MixedChunkWriter? _mixed;

    public readonly ChunkKind Kind => _mixed is null ? ChunkKind.Xor : ChunkKind.Mixed;

    public readonly byte[]? Buffer => _mixed is null ? _xor.Buffer : _mixed.Buffer;

    public readonly int Count => _mixed?.Count ?? _xor.Count;

    public readonly int SizeBytes => _mixed?.SizeBytes ?? _xor.SizeBytes;

    public readonly long MinTimeMs => _mixed?.MinTimeMs ?? _xor.MinTimeMs;

    public readonly long MaxTimeMs => _mixed?.MaxTimeMs ?? _xor.MaxTimeMs;

    /// <summary>The last sample if it is a histogram.</summary>
    public readonly NativeHistogram? LastHistogram => _mixed?.LastHistogram;

    /// <summary>Whether the sample needs another chunk, if only its kind and the chunk's size are looked at.</summary>
    public readonly bool IsFullFor(in SeriesSample sample) => _mixed is null
        ? _xor.Count >= MaxSamples || (_xor.Count > 0 && !sample.IsPlain)
        : _mixed.Count >= MaxSamples || _mixed.SizeBytes >= MaxMixedBytes;

    /// <param name="hint">Of a histogram: what is to be stored.</param>
    public void Append(in SeriesSample sample, CounterResetHint hint)
    {
        if (_mixed is null && (_xor.Count > 0 || sample.IsPlain))
        {
            _xor.Append(sample.TimestampMs, sample.Value);
            return;
        }
        _mixed ??= new MixedChunkWriter();
        _mixed.Append(sample, hint);
    }

    /// <summary>Packs samples in order into as many chunks as they need.</summary>
    public static List<HeadChunk> Pack(SampleBuffer samples, int from = 0, int to = int.MaxValue)
    {
        to = Math.Min(to, samples.Count);
        var chunks = new List<HeadChunk>();
        if (!samples.HasHistograms && !samples.HasStartTimes)
        {
            for (; from < to; from += MaxVectorSamples)
            {
                chunks.Add(ToVector(samples, from, Math.Min(to, from + MaxVectorSamples)));
            }
            return chunks;
        }
        var open = new OpenChunk();
        for (var i = from; i < to; i++)
        {
            var sample = samples.SampleAt(i);
            if (open.Count > 0 && open.IsFullFor(sample))
            {
                chunks.Add(open.ToChunk());
                open.Reset();
            }
            open.Append(sample, sample.Histogram?.ResetHint ?? default);
        }
        if (open.Count > 0)
        {
            chunks.Add(open.ToChunk());
        }
        return chunks;
    }

    /// <summary>The chunk as it is kept from now on: numbers by columns, unless that takes more.</summary>
    public readonly HeadChunk ToChunk()
    {
        if (_mixed is not null || _xor.Count < MinVectorSamples)
        {
            return new HeadChunk(Kind, _mixed?.ToArray() ?? _xor.ToArray(), Count, MinTimeMs, MaxTimeMs);
        }
        var samples = new SampleBuffer(Count);
        XorChunkReader.ReadRange(_xor.Buffer, Count, long.MinValue, long.MaxValue, samples);
        var vector = ToVector(samples, 0, Count);
        return vector.Bytes.Length <= _xor.SizeBytes
            ? vector : new HeadChunk(ChunkKind.Xor, _xor.ToArray(), Count, MinTimeMs, MaxTimeMs);
    }

    private static HeadChunk ToVector(SampleBuffer samples, int from, int to)
    {
        var timestamps = samples.Timestamps[from..to];
        var packed = new ByteWriter();
        VectorChunk.Write(timestamps, samples.Values[from..to], packed);
        return new HeadChunk(ChunkKind.Vector, packed.Written.ToArray(), timestamps.Length, timestamps[0], timestamps[^1]);
    }

    /// <summary>Starts an empty chunk; the old buffer stays with whoever reads it.</summary>
    public void Reset()
    {
        _xor.Reset();
        _mixed = null;
    }
}
