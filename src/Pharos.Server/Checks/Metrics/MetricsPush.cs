using Pharos.Collection.RemoteStorage.Pushing;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Server.Hosting;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Checks.Metrics;

/// <summary>Sends metrics in the plain text format to a remote-write endpoint: what <c>promtool push metrics</c> does.</summary>
public static class MetricsPush
{
    /// <param name="labels">Put on every series, over what it says itself.</param>
    /// <returns>Null where the endpoint took everything, otherwise why it did not.</returns>
    public static async Task<string?> SendAsync(Stream input, RemoteWriteOptions options,
        IReadOnlyCollection<KeyValuePair<string, string>> labels, TimeProvider time, CancellationToken cancellation)
    {
        IReadOnlyList<TextFamily> families;
        try
        {
            families = TextFamilyReader.Read(await MetricsCheck.ReadAsync(input, cancellation));
        }
        catch (FormatException e)
        {
            return e.Message;
        }
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var samples = families.SelectMany(family => family.Metrics.SelectMany(metric => Samples(family, metric, labels, nowMs))).ToList();
        var metadata = families.ToDictionary(static family => family.Name, static family => new MetricMetadata(
            family.Kind is TextFamilyKind.Untyped ? "unknown" : family.Kind.ToString()!.ToLowerInvariant(), family.Help ?? "", ""),
            StringComparer.Ordinal);
        return await RemoteWritePush.SendAsync(options, $"pharos/{ServerVersion.Number}", samples, metadata, time, cancellation);
    }

    private static IEnumerable<PushedSample> Samples(
        TextFamily family, TextMetric metric, IReadOnlyCollection<KeyValuePair<string, string>> labels, long nowMs)
    {
        var timestampMs = metric.TimestampMs is { } given and not 0 ? given : nowMs;
        if (family.Kind is not (TextFamilyKind.Summary or TextFamilyKind.Histogram))
        {
            return [new PushedSample(Labels(""), timestampMs, metric.Value)];
        }
        var (suffix, name) = family.Kind is TextFamilyKind.Summary ? ("", "quantile") : ("_bucket", "le");
        return
        [
            .. metric.Points.Select(point => new PushedSample(Labels(suffix, (name, GoFloat.FormatG(point.Limit))), timestampMs, point.Value)),
            new PushedSample(Labels("_sum"), timestampMs, metric.Sum),
            new PushedSample(Labels("_count"), timestampMs, metric.Count),
        ];

        LabelSet Labels(string ending, params ReadOnlySpan<(string Name, string Value)> more)
        {
            var builder = new LabelSetBuilder();
            builder.Set(Label.MetricName, family.Name + ending);
            foreach (var (key, value) in metric.Labels.Concat(labels))
            {
                builder.Set(key, value);
            }
            foreach (var (key, value) in more)
            {
                builder.Set(key, value);
            }
            return builder.Build();
        }
    }
}
