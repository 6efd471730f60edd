using Pharos.Query.TraceQL;
using Pharos.Server.Api.Loki;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Tempo;

/// <summary><c>/api/search</c>: by TraceQL, or by tags.</summary>
internal sealed class TempoSearchEndpoint(ITraceStore store, TempoQueries queries)
{
    private const int DefaultLimit = 20;

    private const int DefaultSpansPerSet = 3;

    /// <summary>What Tempo allows by default.</summary>
    private const int MaxLimit = 262_144;

    private const int MaxSpansPerSet = 100;

    public void Map(TempoRoutes routes) => routes.Map("/api/search", AnswerAsync);

    private async Task AnswerAsync(TempoRequest request)
    {
        var (startNs, endNs) = request.Range();
        var search = new TraceSearchRequest
        {
            Tenant = request.Tenant, StartNs = startNs, EndNs = endNs,
            Limit = request.Count("limit", DefaultLimit, "limit"),
            SpansPerSet = request.Count("spss", DefaultSpansPerSet, "spans per span set"),
        };
        if (search.Limit > MaxLimit)
        {
            throw TempoRefusal.BadRequest($"limit {search.Limit} exceeds max limit {MaxLimit}");
        }
        if (search.SpansPerSet > MaxSpansPerSet)
        {
            throw TempoRefusal.BadRequest($"spans per span set exceeds {MaxSpansPerSet}. received {search.SpansPerSet}");
        }
        if (request.Has("q"))
        {
            if (request.Has("tags"))
            {
                throw TempoRefusal.BadRequest("invalid request: can't specify tags and q in the same query");
            }
            var query = request.Query(request.Text("q"));
            var found = await queries.RunAsync(engine => engine.SearchAsync(store, query, search, request.Cancellation), request.Cancellation);
            await LokiReply.JsonAsync(request.Context, stream => TempoSearchJson.WriteAsync(stream, found));
            return;
        }
        var tags = Tags(request);
        var result = await queries.RunAsync(engine => engine.SearchAsync(store, tags, search, request.Cancellation), request.Cancellation);
        await LokiReply.JsonAsync(request.Context, stream => TempoSearchJson.WriteAsync(stream, result));
    }

    private static TraceTagSearch Tags(TempoRequest request)
    {
        var search = new TraceTagSearch { Tags = LogfmtTags.Parse(request.Text("tags")) };
        if (request.Has("minDuration"))
        {
            search = search with { MinDurationNs = request.Duration("minDuration") };
        }
        if (request.Has("maxDuration"))
        {
            search = search with { MaxDurationNs = request.Duration("maxDuration") };
            if (search.MinDurationNs > search.MaxDurationNs)
            {
                throw TempoRefusal.BadRequest("invalid maxDuration: must be greater than minDuration");
            }
        }
        return search;
    }
}
