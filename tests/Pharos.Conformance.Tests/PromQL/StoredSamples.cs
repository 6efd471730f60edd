using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.PromQL;

internal static class StoredSamples
{
    public static void Add(this IMetricStore store, LabelSet labels, long timestampMs, Element element, long startMs = 0)
    {
        using var appender = store.Appender();
        var reference = 0UL;
        var result = element.Histogram is null
            ? appender.Append(ref reference, labels, timestampMs, element.Number, startMs)
            : appender.Append(ref reference, labels, timestampMs, element.Histogram, startMs);
        Assert.True(result is AppendResult.Ok or AppendResult.SameAsStored, $"{labels} at {timestampMs} ms: {result}");
        appender.Commit();
    }
}
