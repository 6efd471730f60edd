using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Deletion;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>What few series have: samples that are no plain numbers, that came late, that were deleted.</summary>
internal sealed class SeriesParts
{
    /// <summary>The open chunk, if its samples are not all plain numbers.</summary>
    public MixedChunkWriter? Mixed { get; set; }

    public LateSamples? Late { get; set; }

    public TimeRanges? Deleted { get; set; }

    public bool IsEmpty => Mixed is null && Late is null && Deleted is null;
}
