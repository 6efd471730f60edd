using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Says why a panel is empty: a metric that is not there, with the nearest that is, or matchers that match nothing.</summary>
internal static class NoDataExplanation
{
    private const int MaxHints = 3;

    public static NoDataReason Of(
        IMetricStore store, IReadOnlyList<ExecutedQuery> queries, IReadOnlyList<QueryError> errors, PanelDataRequest request,
        CancellationToken cancellation)
    {
        if (errors.Count > 0)
        {
            return new NoDataReason("The query failed.", [.. errors.Select(error => error.Message).Take(MaxHints)]);
        }
        using var querier = store.Querier(request.From, request.To);
        var names = querier.LabelValues(Label.MetricName, [], cancellation);
        if (names.Count == 0)
        {
            return new NoDataReason("Nothing has been stored in this time range.", ["Choose a wider range, or look at Targets."]);
        }
        foreach (var selector in queries.SelectMany(query => Selectors(query.Expr)))
        {
            var metric = selector.Matchers.FirstOrDefault(matcher => matcher is { Name: Label.MetricName, Type: MatchType.Equal })?.Value;
            if (metric is null)
            {
                continue;
            }
            if (!names.Contains(metric, StringComparer.Ordinal))
            {
                var near = names.OrderBy(name => Distance(name, metric)).ThenBy(name => name, StringComparer.Ordinal).Take(MaxHints)
                    .Where(name => Distance(name, metric) <= metric.Length / 3);
                return new NoDataReason($"There is no metric {metric} in this time range.", [.. near.Select(name => $"Did you mean {name}?")]);
            }
            if (querier.Select(selector.Matchers, cancellation).Count == 0)
            {
                return new NoDataReason($"No series of {metric} matches.", [.. Blame(querier, selector, metric, cancellation)]);
            }
        }
        return new NoDataReason("The query gave no result in this time range.", ["Rates need at least two samples in their window."]);
    }

    private static IEnumerable<VectorSelector> Selectors(string expr)
    {
        var found = new List<VectorSelector>();
        void Visit(Expr node)
        {
            if (node is VectorSelector selector)
            {
                found.Add(selector);
            }
            foreach (var child in node.Children)
            {
                Visit(child);
            }
        }
        Visit(PromParser.Parse(expr));
        return found;
    }

    /// <summary>The matchers that alone already match nothing, with the values that there are.</summary>
    private static IEnumerable<string> Blame(
        IMetricQuerier querier, VectorSelector selector, string metric, CancellationToken cancellation)
    {
        var byName = new LabelMatcher(MatchType.Equal, Label.MetricName, metric);
        foreach (var matcher in selector.Matchers.Where(matcher => matcher.Name != Label.MetricName))
        {
            if (querier.Select([byName, matcher], cancellation).Count == 0)
            {
                var values = querier.LabelValues(matcher.Name, [byName], cancellation).Take(MaxHints + 1).ToArray();
                yield return values.Length == 0 ? $"{metric} has no label {matcher.Name}."
                    : $"{matcher} matches nothing; there is {string.Join(", ", values.Select(value => $"\"{value}\""))}.";
            }
        }
    }

    /// <summary>Levenshtein's distance; the names are short.</summary>
    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
