using Pharos.Storage.Metrics;

namespace Pharos.Server.Api.Prometheus;

/// <summary><c>metadata</c>: type, help and unit of each metric family.</summary>
internal sealed class MetadataEndpoint(IMetricStore store)
{
    public void Map(ApiRoutes routes) => routes.MapGet("/metadata", Metadata);

    private ApiReply Metadata(ApiRequest request)
    {
        if (!TryLimit(request, "limit", out var limit) || !TryLimit(request, "limit_per_metric", out var perMetric))
        {
            return ApiReply.Fail(ApiErrorType.BadData, "limit must be a number");
        }
        var wanted = request.Parameters.Text("metric");
        var families = store.Metadata
            .Where(family => wanted.Length == 0 || family.Key == wanted)
            .OrderBy(family => family.Key, StringComparer.Ordinal)
            .Take(limit);
        return ApiReply.Stream(async stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            foreach (var (name, metadata) in families)
            {
                json.WriteStartArray(name);
                if (perMetric > 0)
                {
                    json.WriteStartObject();
                    json.WriteString("type", metadata.Type);
                    json.WriteString("help", metadata.Help);
                    json.WriteString("unit", metadata.Unit);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                await stream.BreatheAsync();
            }
            json.WriteEndObject();
        });
    }

    /// <summary>Here, as in Prometheus, a limit of 0 means none at all and a negative one means no limit.</summary>
    private static bool TryLimit(ApiRequest request, string name, out int limit)
    {
        limit = int.MaxValue;
        var text = request.Parameters.Text(name);
        if (text.Length == 0)
        {
            return true;
        }
        if (!int.TryParse(text, out limit))
        {
            return false;
        }
        if (limit < 0)
        {
            limit = int.MaxValue;
        }
        return true;
    }
}
