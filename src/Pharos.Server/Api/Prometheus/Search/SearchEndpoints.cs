using System.Text.Encodings.Web;
using System.Text.Json;
using Pharos.Collection.Scraping;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Prometheus.Search;

/// <summary><c>search/*</c>: names as one types them, best first where that is asked for, a batch of JSON a line.</summary>
internal sealed class SearchEndpoints(
    IMetricStore store, Collector collector, SelectorParser parser, bool enabled, int maxLimit, TimeProvider time)
{
    private const string ContentType = "application/x-ndjson; charset=utf-8";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Map(ApiRoutes routes)
    {
        routes.MapStream("/search/metric_names", alsoPost: true, request => AnswerAsync(
            request, "metric_names", (querier, matchers) => querier.LabelValues(Label.MetricName, matchers, request.Cancellation)));
        routes.MapStream("/search/label_names", alsoPost: true, request => AnswerAsync(
            request, "label_names", (querier, matchers) => querier.LabelNames(matchers, request.Cancellation)));
        routes.MapStream("/search/label_values", alsoPost: true, request => AnswerAsync(
            request, "label_values",
            (querier, matchers) => querier.LabelValues(request.Parameters.Text("label"), matchers, request.Cancellation)));
    }

    private async Task<ApiError?> AnswerAsync(
        ApiRequest request, string endpoint, Func<IMetricQuerier, IReadOnlyList<LabelMatcher>, IReadOnlyList<string>> names)
    {
        if (!enabled)
        {
            return new ApiError(ApiErrorType.Unavailable, "search API disabled");
        }
        if (SearchRequest.Read(request.Parameters, parser, time.GetUtcNow(), maxLimit, endpoint, out var error) is not { } search)
        {
            return error;
        }
        if (endpoint == "label_values" && request.Parameters.Text("label").Length == 0)
        {
            return new ApiError(ApiErrorType.BadData, "missing required parameter \"label\"");
        }
        var found = await Task.Run(() => Find(search, names), request.Cancellation);
        await WriteAsync(request, search, found, withMetadata: search.IncludeMetadata && endpoint == "metric_names");
        return null;
    }

    /// <summary>In the order asked for, one more than the limit where there are more.</summary>
    private List<(string Name, double Score)> Find(
        SearchRequest search, Func<IMetricQuerier, IReadOnlyList<LabelMatcher>, IReadOnlyList<string>> names)
    {
        using var querier = store.Querier(search.StartMs, Math.Max(search.StartMs, search.EndMs));
        IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors = search.Selectors.Count > 0 ? search.Selectors : [[]];
        var distinct = selectors.SelectMany(matchers => names(querier, matchers)).Distinct(StringComparer.Ordinal);
        var scored = distinct.Select(name => (Name: name, Score: search.Filter.Score(name)))
            .Where(candidate => candidate.Score is not null).Select(candidate => (candidate.Name, Score: candidate.Score!.Value));
        var ordered = search switch
        {
            { SortBy: "score" } => scored.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Name, StringComparer.Ordinal),
            { Descending: true } => scored.OrderByDescending(candidate => candidate.Name, StringComparer.Ordinal),
            _ => scored.OrderBy(candidate => candidate.Name, StringComparer.Ordinal),
        };
        return [.. ordered.Take(search.Limit + 1)];
    }

    private async Task WriteAsync(
        ApiRequest request, SearchRequest search, List<(string Name, double Score)> found, bool withMetadata)
    {
        request.Context.Response.ContentType = ContentType;
        var hasMore = found.Count > search.Limit;
        var shown = hasMore ? found.GetRange(0, search.Limit) : found;
        var batches = shown.Count > 0 ? shown.Chunk(search.BatchSize) : [[]];
        foreach (var batch in batches)
        {
            await WriteLineAsync(request, json =>
            {
                json.WriteStartArray("results");
                foreach (var (name, score) in batch)
                {
                    WriteResult(json, name, search.IncludeScore ? score : null, withMetadata);
                }
                json.WriteEndArray();
            });
        }
        await WriteLineAsync(request, json =>
        {
            json.WriteString("status", "success");
            json.WriteBoolean("has_more", hasMore);
        });
    }

    private void WriteResult(Utf8JsonWriter json, string name, double? score, bool withMetadata)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        if (score is { } known)
        {
            json.WriteNumber("score", known);
        }
        if (withMetadata && MetadataOf(name) is { } metadata)
        {
            WriteUnlessEmpty(json, "type", metadata.Type);
            WriteUnlessEmpty(json, "help", metadata.Help);
            WriteUnlessEmpty(json, "unit", metadata.Unit);
        }
        json.WriteEndObject();
    }

    private MetricMetadata? MetadataOf(string name)
    {
        foreach (var target in collector.Snapshot().Active)
        {
            if (target.Metadata.TryGetValue(name, out var metadata))
            {
                return metadata;
            }
        }
        return store.Metadata.GetValueOrDefault(name);
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>One line, on its way at once: a client shows what has come while the rest is written.</summary>
    private static async Task WriteLineAsync(ApiRequest request, Action<Utf8JsonWriter> write)
    {
        var pipe = request.Context.Response.BodyWriter;
        await using (var json = new Utf8JsonWriter(pipe, WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        await pipe.WriteAsync("\n"u8.ToArray(), request.Cancellation);
        await pipe.FlushAsync(request.Cancellation);
    }
}
