using Pharos.Query.TraceQL.Results;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Finds traces by tags and their duration, the newest first.</summary>
internal sealed class TagSearchRun(ITraceStore store, TraceTagSearch search, TraceSearchRequest request)
{
    public TraceSearchResult Run(CancellationToken cancellation)
    {
        var found = new List<FoundTrace>();
        var (traces, spans) = (0, 0L);
        if (request.Limit > 0)
        {
            foreach (var trace in store.Find(Filter(), cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                traces++;
                spans += trace.Spans.Count;
                var summary = TraceSummarizing.Summarize(trace.Spans);
                if (IsLong(summary.EndNs - summary.StartNs) && search.Tags.All(tag => Has(trace, summary, tag)))
                {
                    found.Add(new FoundTrace(summary, []));
                    if (found.Count >= request.Limit)
                    {
                        break;
                    }
                }
            }
        }
        return new TraceSearchResult(found, traces, spans);
    }

    private bool IsLong(long durationNs) => durationNs >= search.MinDurationNs && (search.MaxDurationNs == 0 || durationNs <= search.MaxDurationNs);

    private TraceFilter Filter()
    {
        var filter = new TraceFilter { Tenant = request.Tenant, StartNs = request.StartNs, EndNs = request.EndNs };
        foreach (var (key, value) in search.Tags)
        {
            if (!IsSpecial(key))
            {
                var condition = new SpanCondition(SpanField.Attribute, SpanOperator.TextEqual, AttributeValue.OfText(value)) { Key = key };
                return filter with
                {
                    NeedsAll = false,
                    Conditions = [condition, condition with { Operator = SpanOperator.Matches, Pattern = GoRegex.Anchored($"(?is).*{Literal(value)}.*") }],
                };
            }
        }
        return search.MinDurationNs == 0 ? filter : filter with
        {
            Conditions = [new SpanCondition(SpanField.TraceDuration, SpanOperator.GreaterOrEqual, AttributeValue.OfInt(search.MinDurationNs))],
        };
    }

    private static string Literal(string text) =>
        string.Concat(text.Select(static c => "\\.+*?()|[]{}^$".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));

    private static bool IsSpecial(string key) => key is "name" or "root.name" or "root.service.name" or "status.code" or "error";

    private static bool Has(Trace trace, TraceSummary summary, KeyValuePair<string, string> tag) => tag.Key switch
    {
        "root.name" => Contains(summary.RootName, tag.Value),
        "root.service.name" => Contains(summary.RootService, tag.Value),
        _ => trace.Spans.Any(span => Has(span, tag)),
    };

    private static bool Has(Span span, KeyValuePair<string, string> tag) => tag.Key switch
    {
        "name" when Contains(span.Name, tag.Value) => true,
        "status.code" when Contains(span.Status.ToString(), tag.Value) => true,
        "error" when (span.Status == SpanStatus.Error) == (tag.Value == "true") => true,
        _ => span.Attributes.Any(attribute => Is(attribute, tag)) || span.Resource.Attributes.Any(attribute => Is(attribute, tag)),
    };

    private static bool Is(SpanAttribute attribute, KeyValuePair<string, string> tag) => attribute.Key == tag.Key
        && (attribute.Value.Kind is AttributeKind.Text or AttributeKind.Array ? Contains(attribute.Value.Text, tag.Value)
            : attribute.Value.ToString() == tag.Value);

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
