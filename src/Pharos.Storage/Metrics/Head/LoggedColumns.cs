using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>The samples of a batch as a record of the log has them.</summary>
internal sealed record LoggedColumns(ulong[] Ids, long[] TimestampsMs, double[] Values)
{
    /// <summary>Null where all are numbers.</summary>
    public NativeHistogram?[]? Histograms { get; init; }

    /// <summary>Null where none is known.</summary>
    public long[]? StartTimesMs { get; init; }

    /// <summary>Each with the number of its series.</summary>
    public IReadOnlyList<(ulong Id, Exemplar Exemplar)> Exemplars { get; init; } = [];

    /// <summary>The numbers of the samples that came late, rising.</summary>
    public IReadOnlyList<int> Late { get; init; } = [];

    public int Count => Ids.Length;

    /// <summary>Nothing but numbers in order.</summary>
    public bool ArePlain => Histograms is null && StartTimesMs is null && Exemplars.Count == 0 && Late.Count == 0;

    public SeriesSample SampleAt(int index) =>
        new(TimestampsMs[index], Values[index], Histograms?[index], StartTimesMs?[index] ?? 0);
}
