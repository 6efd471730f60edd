using Pharos.Query.TraceQL.Evaluation;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Query.TraceQL;

/// <summary>Names of attributes and values of fields, for whoever completes a query.</summary>
/// <param name="filter">What spans must satisfy that they count; null for all.</param>
public sealed class TraceNames(ITraceStore store, TraceSearchRequest request, SpansetExpr.Filter? filter)
{
    /// <summary>Spans that are read where no index knows the answer.</summary>
    private const int MaxSpans = 200_000;

    private static readonly (FieldScope Scope, AttributeScopes Stored)[] Scopes =
    [
        (FieldScope.Resource, AttributeScopes.Resource), (FieldScope.Span, AttributeScopes.Span), (FieldScope.Event, AttributeScopes.Event),
        (FieldScope.Link, AttributeScopes.Link), (FieldScope.Instrumentation, AttributeScopes.Scope),
    ];

    /// <summary>Names of attributes of one scope, in ordinal order.</summary>
    public IReadOnlyList<string> Keys(FieldScope scope, CancellationToken cancellation)
    {
        if (filter?.Condition is null)
        {
            return store.AttributeKeys(request.Tenant, Array.Find(Scopes, pair => pair.Scope == scope).Stored, request.StartNs, request.EndNs, request.Limit);
        }
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (trace, at) in Matching(cancellation))
        {
            var span = trace.Spans[at];
            IEnumerable<SpanAttribute> attributes = scope switch
            {
                FieldScope.Resource => span.Resource.Attributes,
                FieldScope.Event => span.Events.SelectMany(static happened => happened.Attributes),
                FieldScope.Link => span.Links.SelectMany(static link => link.Attributes),
                FieldScope.Instrumentation => span.Scope.Attributes,
                _ => span.Attributes,
            };
            foreach (var attribute in attributes)
            {
                names.Add(attribute.Key);
            }
            if (names.Count >= request.Limit)
            {
                break;
            }
        }
        return [.. names.Take(request.Limit)];
    }

    /// <summary>Values of a field, each once.</summary>
    public IReadOnlyList<TraceValue> Values(FieldExpr field, CancellationToken cancellation)
    {
        if (field is FieldExpr.Intrinsic { Which: TraceIntrinsic.Status or TraceIntrinsic.Kind } fixedSet)
        {
            return fixedSet.Which == TraceIntrinsic.Status
                ? [.. new[] { SpanStatus.Error, SpanStatus.Ok, SpanStatus.Unset }.Select(TraceValue.OfStatus)]
                : [.. Enum.GetValues<SpanKind>().Select(TraceValue.OfKind)];
        }
        // Nobody completes a number of nanoseconds or an id.
        if (field is FieldExpr.Intrinsic intrinsic && (intrinsic.Which.Type() != TraceValueKind.Text || FieldReading.IsId(intrinsic.Which)))
        {
            return [];
        }
        return filter?.Condition is null ? Indexed(field, cancellation) : Read(field, cancellation);
    }

    private IReadOnlyList<TraceValue> Indexed(FieldExpr field, CancellationToken cancellation)
    {
        switch (field)
        {
            case FieldExpr.Attribute { OfParent: false } attribute:
                var scopes = attribute.Scope == FieldScope.Any ? AttributeScopes.SpanOrResource
                    : Array.Find(Scopes, pair => pair.Scope == attribute.Scope).Stored;
                return [.. store.AttributeValues(request.Tenant, scopes, attribute.Key, request.StartNs, request.EndNs, request.Limit)
                    .Select(TraceValue.Of).Where(static value => !value.IsNil).Distinct()];
            case FieldExpr.Intrinsic { Which: TraceIntrinsic.Name }:
                var names = new SortedSet<string>(StringComparer.Ordinal);
                foreach (var service in store.Services(request.Tenant, request.StartNs, request.EndNs))
                {
                    cancellation.ThrowIfCancellationRequested();
                    names.UnionWith(store.Operations(request.Tenant, service, request.StartNs, request.EndNs).Select(static operation => operation.Name));
                    if (names.Count >= request.Limit)
                    {
                        break;
                    }
                }
                return [.. names.Take(request.Limit).Select(TraceValue.OfText)];
            case FieldExpr.Intrinsic { Which: TraceIntrinsic.RootName or TraceIntrinsic.RootService } root:
                var isName = root.Which == TraceIntrinsic.RootName;
                return [.. store.Summaries(Filter(null), cancellation).Take(MaxSpans).Select(summary => isName ? summary.RootName : summary.RootService)
                    .Where(static name => name.Length > 0).Distinct(StringComparer.Ordinal).Take(request.Limit).Select(TraceValue.OfText)];
            default:
                return Read(field, cancellation);
        }
    }

    private List<TraceValue> Read(FieldExpr field, CancellationToken cancellation)
    {
        var value = FieldCompiler.Value(field);
        var known = new HashSet<TraceValue>();
        var values = new List<TraceValue>();
        foreach (var (trace, at) in Matching(cancellation, field))
        {
            var found = value(trace, at);
            foreach (var item in found.Type is TraceValueKind.Several ? found.Items : [found])
            {
                if (!item.IsNil && (item.Type != TraceValueKind.Text || item.Text.Length > 0) && known.Add(item))
                {
                    values.Add(item);
                }
            }
            if (values.Count >= request.Limit)
            {
                break;
            }
        }
        return values;
    }

    private IEnumerable<(TraceSpans Trace, int Span)> Matching(CancellationToken cancellation, FieldExpr? field = null)
    {
        var condition = filter?.Condition;
        var test = FieldCompiler.Test(condition);
        if ((condition is null || QueryNeeds.IsOfSpan(condition)) && (field is null || QueryNeeds.IsOfSpan(field)))
        {
            foreach (var span in store.Spans(Filter(condition), cancellation).Take(MaxSpans))
            {
                var alone = new TraceSpans([span]);
                if (test(alone, 0))
                {
                    yield return (alone, 0);
                }
            }
            yield break;
        }
        var read = 0;
        foreach (var trace in store.Find(Filter(condition), cancellation))
        {
            var spans = new TraceSpans(trace.Spans);
            for (var i = 0; i < trace.Spans.Count; i++)
            {
                if (test(spans, i))
                {
                    yield return (spans, i);
                }
            }
            read += trace.Spans.Count;
            if (read >= MaxSpans)
            {
                yield break;
            }
        }
    }

    private TraceFilter Filter(FieldExpr? condition) =>
        PushDown.Apply(condition, new TraceFilter { Tenant = request.Tenant, StartNs = request.StartNs, EndNs = request.EndNs });
}
