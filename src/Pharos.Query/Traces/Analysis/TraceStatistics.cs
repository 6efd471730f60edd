using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Analysis;

/// <summary>Sums up the spans of one trace by what they have in common.</summary>
public static class TraceStatistics
{
    /// <summary>What spans are grouped by, beside keys of attributes.</summary>
    public const string Service = "service", Operation = "operation", Kind = "kind";

    /// <param name="by"><see cref="Service"/>, <see cref="Operation"/>, <see cref="Kind"/>, or the key of an attribute of span or resource.</param>
    /// <param name="then">The same, for the parts of each group; null for none.</param>
    /// <returns>The group with the most self time first.</returns>
    public static IReadOnlyList<SpanGroup> Of(TraceTree tree, string by, string? then)
    {
        var self = SelfTime.Of(tree);
        return Group(tree, self, [.. Enumerable.Range(0, tree.Count)], by, then);
    }

    private static SpanGroup[] Group(TraceTree tree, long[] self, IReadOnlyList<int> rows, string by, string? then)
    {
        var groups = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var name = NameOf(tree[row].Span, by);
            if (!groups.TryGetValue(name, out var members))
            {
                groups[name] = members = [];
            }
            members.Add(row);
        }
        return
        [
            .. groups.Select(group => Sum(tree, self, group.Key, group.Value, then is null ? [] : Group(tree, self, group.Value, then, null)))
                .OrderByDescending(static group => group.SelfTotalNs).ThenBy(static group => group.Name, StringComparer.Ordinal),
        ];
    }

    private static SpanGroup Sum(TraceTree tree, long[] self, string name, List<int> rows, IReadOnlyList<SpanGroup> parts)
    {
        var (errors, total, selfTotal) = (0, 0L, 0L);
        var (min, max, selfMin, selfMax) = (long.MaxValue, 0L, long.MaxValue, 0L);
        foreach (var row in rows)
        {
            var duration = Math.Max(0, tree[row].Span.DurationNs);
            errors += tree[row].IsError ? 1 : 0;
            total += duration;
            min = Math.Min(min, duration);
            max = Math.Max(max, duration);
            selfTotal += self[row];
            selfMin = Math.Min(selfMin, self[row]);
            selfMax = Math.Max(selfMax, self[row]);
        }
        return new SpanGroup(name, rows.Count, errors, total, min, max, selfTotal, selfMin, selfMax, parts);
    }

    private static string NameOf(Span span, string by) => by switch
    {
        Service => span.Resource.ServiceName,
        Operation => span.Name,
        Kind => span.Kind.ToString(),
        _ => Find(span.Attributes, by) ?? Find(span.Resource.Attributes, by) ?? "",
    };

    private static string? Find(IReadOnlyList<SpanAttribute> attributes, string key)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Key == key)
            {
                return attribute.Value.ToString();
            }
        }
        return null;
    }
}
