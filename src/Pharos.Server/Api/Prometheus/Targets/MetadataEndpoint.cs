using Pharos.Collection.Scraping;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Prometheus.Targets;

/// <summary><c>metadata</c>: type, help and unit of each metric family, as its targets expose it and as the store knows it
/// from those who pushed it.</summary>
internal sealed class MetadataEndpoint(IMetricStore store, Collector collector)
{
    public void Map(ApiRoutes routes) => routes.MapGet("/metadata", Metadata);

    private ApiReply Metadata(ApiRequest request)
    {
        if (!TryLimit(request, "limit", out var limit, out var error)
            || !TryLimit(request, "limit_per_metric", out var perMetric, out error))
        {
            return ApiReply.Fail(error!);
        }
        // Only here a limit of 0 means none at all; that of one metric knows no such case.
        var wanted = request.Parameters.Text("metric");
        var families = Families(wanted, perMetric <= 0 ? int.MaxValue : perMetric).Take(limit < 0 ? int.MaxValue : limit);
        return ApiReply.Stream(async stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            foreach (var (name, known) in families)
            {
                json.WriteStartArray(name);
                foreach (var metadata in known)
                {
                    json.WriteStartObject();
                    json.WriteString("type", metadata.Type);
                    json.WriteString("unit", metadata.Unit);
                    json.WriteString("help", metadata.Help);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                await stream.BreatheAsync();
            }
            json.WriteEndObject();
        });
    }

    private SortedDictionary<string, List<MetricMetadata>> Families(string wanted, int perMetric)
    {
        var families = new SortedDictionary<string, List<MetricMetadata>>(StringComparer.Ordinal);
        var told = collector.Snapshot().Active.SelectMany(target => Chosen(target.Metadata, wanted));
        foreach (var (name, metadata) in told.Concat(Chosen(store.Metadata, wanted)))
        {
            if (!families.TryGetValue(name, out var known))
            {
                families[name] = known = [];
            }
            if (known.Count < perMetric && !known.Contains(metadata))
            {
                known.Add(metadata);
            }
        }
        return families;
    }

    private static IEnumerable<KeyValuePair<string, MetricMetadata>> Chosen(
        IReadOnlyDictionary<string, MetricMetadata> all, string wanted) => wanted.Length == 0 ? all
        : all.TryGetValue(wanted, out var metadata) ? [KeyValuePair.Create(wanted, metadata)] : [];

    private static bool TryLimit(ApiRequest request, string name, out int limit, out ApiError? error)
    {
        error = null;
        limit = -1;
        var text = request.Parameters.Text(name);
        if (text.Length > 0)
        {
            if (!ParameterReader.TryParseWhole(text, out var number, out _))
            {
                error = new ApiError(ApiErrorType.BadData, $"{name} must be a number");
                return false;
            }
            limit = (int)Math.Clamp(number, -1, int.MaxValue);
        }
        return true;
    }
}
