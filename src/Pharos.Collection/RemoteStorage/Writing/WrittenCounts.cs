using System.Globalization;
using System.Net.Http.Headers;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>How much of a request a receiver of version 2 says that it stored.</summary>
internal readonly record struct WrittenCounts(long Samples, long Histograms, long Exemplars)
{
    private const string Prefix = "X-Prometheus-Remote-Write-";

    /// <summary>Null where the receiver says nothing: it does not speak version 2.</summary>
    public static WrittenCounts? Read(HttpResponseHeaders headers)
    {
        var (samples, histograms, exemplars) = (Count(headers, "Samples"), Count(headers, "Histograms"), Count(headers, "Exemplars"));
        return samples is null && histograms is null && exemplars is null
            ? null : new WrittenCounts(samples ?? 0, histograms ?? 0, exemplars ?? 0);
    }

    public long Of(PendingKind kind) => kind switch
    {
        PendingKind.Sample => Samples,
        PendingKind.Histogram => Histograms,
        _ => Exemplars,
    };

    private static long? Count(HttpResponseHeaders headers, string kind) =>
        headers.TryGetValues($"{Prefix}{kind}-Written", out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
