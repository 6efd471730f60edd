using Pharos.Storage.Metrics;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Admin;

/// <summary><c>admin/tsdb/*</c>: deeds on the store, off unless the server was started with them.</summary>
internal sealed class AdminEndpoints(IMetricStore store, SelectorParser parser, bool enabled)
{
    public void Map(ApiRoutes routes)
    {
        routes.MapDeed("/admin/tsdb/delete_series", request => WorkAsync(request, Delete));
        routes.MapDeed("/admin/tsdb/clean_tombstones", request => WorkAsync(request, CleanTombstones));
        routes.MapDeed("/admin/tsdb/snapshot", request => WorkAsync(request, Snapshot));
    }

    private async ValueTask<ApiReply> WorkAsync(ApiRequest request, Func<ApiRequest, ApiReply> deed) => enabled
        ? await Task.Run(() => deed(request), request.Cancellation)
        : ApiReply.Fail(ApiErrorType.Unavailable, "admin APIs disabled");

    private ApiReply Delete(ApiRequest request)
    {
        var parameters = request.Parameters;
        var selectors = parameters.All("match[]");
        if (selectors.Count == 0)
        {
            return ApiReply.Fail(ApiErrorType.BadData, "no match[] parameter provided");
        }
        var startMs = parameters.Time("start", ParameterReader.MinTimeMs);
        var endMs = parameters.Time("end", ParameterReader.MaxTimeMs);
        if (parameters.Error is { } error)
        {
            return ApiReply.Fail(error);
        }
        // As in Prometheus, what stands before a bad selector is deleted all the same.
        foreach (var selector in selectors)
        {
            if (parser(selector, out var reason) is not { } matchers)
            {
                return ApiReply.Fail(ApiError.InvalidParameter("match[]", reason));
            }
            store.Delete(matchers, startMs, endMs, request.Cancellation);
        }
        return ApiReply.Nothing();
    }

    private ApiReply CleanTombstones(ApiRequest request)
    {
        store.CleanTombstones(request.Cancellation);
        return ApiReply.Nothing();
    }

    private ApiReply Snapshot(ApiRequest request)
    {
        var text = request.Parameters.Text("skip_head");
        var skipHead = ParameterReader.Flag(text);
        if (text.Length > 0 && skipHead is null)
        {
            return ApiReply.Fail(ApiError.InvalidParameter(
                "skip_head", $"unable to parse boolean: strconv.ParseBool: parsing {GoQuote.Quote(text)}: invalid syntax"));
        }
        var name = store.Snapshot(skipHead ?? false, request.Cancellation);
        return ApiReply.Data(json =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteEndObject();
        });
    }
}
