using Pharos.Server.Logs;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Loki.Series;

/// <summary>The names and values of labels, and the streams.</summary>
internal sealed class LabelEndpoints(ILogStore store)
{
    /// <summary>Loki's default for questions about labels.</summary>
    private static readonly TimeSpan DefaultRange = TimeSpan.FromHours(6);

    public void Map(LokiRoutes routes)
    {
        foreach (var root in (string[])["/loki/api/v1", "/api/prom"])
        {
            routes.MapRead($"{root}/label", NamesAsync);
            routes.MapRead($"{root}/label/{{name}}/values", ValuesAsync);
            routes.MapRead($"{root}/series", SeriesAsync);
        }
        routes.MapRead("/loki/api/v1/labels", NamesAsync);
    }

    private Task NamesAsync(LokiRequest request)
    {
        var matchers = SelectorText.Read(request.Text("query"));
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Each(request, querier => names.UnionWith(querier.LabelNames(matchers, request.Cancellation)));
        return LokiReply.StringsAsync(request.Context, names);
    }

    private Task ValuesAsync(LokiRequest request)
    {
        var name = (string)request.Context.Request.RouteValues["name"]!;
        var matchers = SelectorText.Read(request.Text("query"));
        var values = new SortedSet<string>(StringComparer.Ordinal);
        Each(request, querier => values.UnionWith(querier.LabelValues(name, matchers, request.Cancellation)));
        return LokiReply.StringsAsync(request.Context, values);
    }

    private Task SeriesAsync(LokiRequest request)
    {
        var selectors = request.All("match[]").Concat(request.All("match")).ToList();
        var matchers = selectors.Count == 0 ? [[]] : selectors.Select(SelectorText.Read).ToList();
        var streams = new SortedSet<LabelSet>();
        Each(request, querier =>
        {
            foreach (var selector in matchers)
            {
                streams.UnionWith(querier.Streams(selector, request.Cancellation).Select(static stream => stream.Labels));
            }
        });
        return LokiReply.JsonAsync(request.Context, async stream =>
        {
            stream.Writer.WriteStartObject();
            stream.Writer.WriteString("status", "success");
            stream.Writer.WriteStartArray("data");
            foreach (var labels in streams)
            {
                JsonForms.WriteLabels(stream.Writer, labels);
                await stream.BreatheAsync();
            }
            stream.Writer.WriteEndArray();
            stream.Writer.WriteEndObject();
        });
    }

    private void Each(LokiRequest request, Action<ILogQuerier> ask)
    {
        var (startNs, endNs) = request.Range(DefaultRange);
        using var querier = TenantUnion.Open(store, request.Tenants, startNs, endNs);
        ask(querier);
    }
}
