using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary><c>query_exemplars</c>: the exemplars of every series that a query selects.</summary>
internal sealed class ExemplarEndpoint(IMetricStore store)
{
    public void Map(ApiRoutes routes) => routes.MapBoth("/query_exemplars", AnswerAsync);

    private async ValueTask<ApiReply> AnswerAsync(ApiRequest request)
    {
        var startMs = request.Parameters.Time("start", ParameterReader.MinTimeMs);
        var endMs = request.Parameters.Time("end", ParameterReader.MaxTimeMs);
        if (request.Parameters.Error is { } error)
        {
            return ApiReply.Fail(error);
        }
        if (endMs < startMs)
        {
            return ApiReply.Fail(ApiErrorType.BadData, "end timestamp must not be before start timestamp");
        }
        Expr expr;
        try
        {
            expr = PromParser.Parse(request.Parameters.Text("query"));
        }
        catch (PromParseException e)
        {
            return ApiReply.Fail(ApiErrorType.BadData, e.Message);
        }
        var selectors = Selectors(expr).ToArray();
        if (selectors.Length == 0)
        {
            return ApiReply.Nothing();
        }
        var found = await Task.Run(
            () => store.Exemplars(selectors, startMs, endMs, request.Cancellation), request.Cancellation);
        return ApiReply.Stream(stream => WriteAsync(stream, found));
    }

    private static IEnumerable<IReadOnlyList<LabelMatcher>> Selectors(Expr expr) => expr is VectorSelector selector
        ? [selector.Matchers] : expr.Children.SelectMany(Selectors);

    private static async ValueTask WriteAsync(JsonStream stream, IReadOnlyList<ExemplarSeries> found)
    {
        var json = stream.Writer;
        json.WriteStartArray();
        foreach (var series in found)
        {
            json.WriteStartObject();
            JsonForms.WriteLabels(json, "seriesLabels", series.Labels);
            json.WriteStartArray("exemplars");
            foreach (var exemplar in series.Exemplars)
            {
                json.WriteStartObject();
                JsonForms.WriteLabels(json, "labels", exemplar.Labels);
                json.WriteString("value", GoFloat.FormatJson(exemplar.Value));
                json.WritePropertyName("timestamp");
                JsonForms.WriteTimestamp(json, exemplar.TimestampMs);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            await stream.BreatheAsync();
        }
        json.WriteEndArray();
    }
}
