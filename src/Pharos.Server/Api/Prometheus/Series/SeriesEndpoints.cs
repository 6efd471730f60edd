using System.Globalization;
using System.Text;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Series;

/// <summary>What series, label names and label values there are: <c>series</c>, <c>labels</c>, <c>label/.../values</c>.</summary>
/// <param name="refusal">Why a list of so many series is refused now; null where it may be answered.</param>
internal sealed class SeriesEndpoints(IMetricStore store, SelectorParser parser, Func<long, string?> refusal)
{
    private const string Truncated = "results truncated due to limit";

    public void Map(ApiRoutes routes)
    {
        routes.MapBoth("/series", request => Work(request, Series));
        routes.MapDelete("/series", _ => ApiReply.Fail(ApiErrorType.Internal, "not implemented"));
        routes.MapBoth("/labels", request => Work(request, Labels));
        routes.MapGet("/label/{name}/values", request => Work(request, LabelValues));
    }

    /// <summary>Index look-ups may read disk and take long: off the thread that serves the connection.</summary>
    private static async ValueTask<ApiReply> Work(ApiRequest request, Func<ApiRequest, ApiReply> handler) =>
        await Task.Run(() => handler(request), request.Cancellation);

    private ApiReply Series(ApiRequest request)
    {
        if (request.Parameters.All("match[]").Count == 0)
        {
            return ApiReply.Fail(ApiErrorType.BadData, "no match[] parameter provided");
        }
        if (!TryRead(request, out var bounds, out var error))
        {
            // Only here the parameter is named, as in Prometheus.
            return ApiReply.Fail(request.Parameters.Error ?? ApiError.InvalidParameter("match[]", error!.Message));
        }
        if (bounds.EndMs < bounds.StartMs)
        {
            return ApiReply.Data(static json => JsonForms.WriteStrings(json, []));
        }
        var found = new SortedSet<LabelSet>();
        using var querier = store.Querier(bounds.StartMs, bounds.EndMs);
        foreach (var selector in bounds.Selectors)
        {
            var selected = querier.Select(selector, request.Cancellation);
            if (refusal(found.Count + selected.Count) is { } reason)
            {
                return ApiReply.Fail(ApiErrorType.Overload, reason);
            }
            foreach (var series in selected)
            {
                found.Add(series.Labels);
            }
        }
        var all = found.ToArray();
        var shown = all.Length > bounds.Limit ? all[..bounds.Limit] : all;
        return ApiReply.Stream(
            async stream =>
            {
                stream.Writer.WriteStartArray();
                foreach (var labels in shown)
                {
                    JsonForms.WriteLabels(stream.Writer, labels);
                    await stream.BreatheAsync();
                }
                stream.Writer.WriteEndArray();
            },
            Warnings(all.Length, bounds.Limit));
    }

    private ApiReply Labels(ApiRequest request)
    {
        if (!TryRead(request, out var bounds, out var error))
        {
            return ApiReply.Fail(error!);
        }
        if (bounds.EndMs < bounds.StartMs)
        {
            return ApiReply.Strings([]);
        }
        using var querier = store.Querier(bounds.StartMs, bounds.EndMs);
        return Merge(bounds, matchers => querier.LabelNames(matchers, request.Cancellation));
    }

    private ApiReply LabelValues(ApiRequest request)
    {
        var name = UnescapeName((string)request.Context.Request.RouteValues["name"]!);
        if (name.Length == 0)
        {
            return ApiReply.Fail(ApiErrorType.BadData, $"invalid label name: {GoQuote.Quote(name)}");
        }
        if (!TryRead(request, out var bounds, out var error))
        {
            return ApiReply.Fail(error!);
        }
        if (bounds.EndMs < bounds.StartMs)
        {
            return ApiReply.Strings([]);
        }
        using var querier = store.Querier(bounds.StartMs, bounds.EndMs);
        return Merge(bounds, matchers => querier.LabelValues(name, matchers, request.Cancellation));
    }

    private static ApiReply Merge(Bounds bounds, Func<IReadOnlyList<LabelMatcher>, IReadOnlyList<string>> lookUp)
    {
        IReadOnlyList<string> values;
        if (bounds.Selectors.Count <= 1)
        {
            values = lookUp(bounds.Selectors.Count == 0 ? [] : bounds.Selectors[0]);
        }
        else
        {
            var merged = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var selector in bounds.Selectors)
            {
                merged.UnionWith(lookUp(selector));
            }
            values = [.. merged];
        }
        var warnings = Warnings(values.Count, bounds.Limit);
        return ApiReply.Strings(values.Count > bounds.Limit ? [.. values.Take(bounds.Limit)] : values, warnings);
    }

    private static string[] Warnings(int count, int limit) => count > limit ? [Truncated] : [];

    private bool TryRead(ApiRequest request, out Bounds bounds, out ApiError? error)
    {
        var parameters = request.Parameters;
        bounds = new Bounds(
            parameters.Limit(),
            parameters.Time("start", ParameterReader.MinTimeMs),
            parameters.Time("end", ParameterReader.MaxTimeMs),
            SelectorList.Read(parameters, parser, out var wrong) ?? []);
        error = parameters.Error ?? wrong;
        return error is null;
    }

    /// <summary>Undoes the value-encoding escape of names that a path cannot carry: <c>U__my_2e_name</c> is
    /// <c>my.name</c>. A name that is not escaped, or broken, stays as it is.</summary>
    internal static string UnescapeName(string name)
    {
        const string Prefix = "U__";
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return name;
        }
        var text = new StringBuilder();
        for (var i = Prefix.Length; i < name.Length; i++)
        {
            if (name[i] != '_')
            {
                text.Append(name[i]);
            }
            else if (i + 1 < name.Length && name[i + 1] == '_')
            {
                text.Append('_');
                i++;
            }
            else
            {
                var end = name.IndexOf('_', i + 1);
                if (end < 0 || !int.TryParse(
                        name.AsSpan(i + 1, end - i - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rune)
                    || !Rune.IsValid(rune))
                {
                    return name;
                }
                text.Append(new Rune(rune));
                i = end;
            }
        }
        return text.ToString();
    }

    private sealed record Bounds(int Limit, long StartMs, long EndMs, IReadOnlyList<IReadOnlyList<LabelMatcher>> Selectors);
}
