using Pharos.Collection.Protobuf;

namespace Pharos.Collection.Exposition;

/// <summary>What parsers of one target's bodies use again and again. One parser at a time.</summary>
public sealed class ExpositionScratch
{
    internal SeriesKey Key { get; } = new();

    internal HistogramAssembly Histogram { get; } = new();

    internal ClassicHistogram Classic { get; } = new();

    internal CreatedTimes Created { get; } = new();

    /// <summary>Where in the body the exemplars of the classic histogram that is being collected begin.</summary>
    internal List<int> ExemplarPlaces { get; } = [];
}
