using Pharos.Query.TraceQL.Results;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Finds the traces of which a pipeline gives spans, the newest first, until there are enough.</summary>
internal sealed class SearchRun(ITraceStore store, TracePipeline pipeline, TraceSearchRequest request)
{
    private readonly PipelineEvaluation _evaluation = new(pipeline);

    private readonly IReadOnlyList<FieldExpr> _shown = [.. QueryNeeds.Fields(pipeline).Where(IsShown)];

    private readonly bool _showsName = QueryNeeds.Fields(pipeline).Any(static field => field is FieldExpr.Intrinsic { Which: TraceIntrinsic.Name });

    public TraceSearchResult Run(CancellationToken cancellation)
    {
        var filter = PushDown.Apply(pipeline, new TraceFilter { Tenant = request.Tenant, StartNs = request.StartNs, EndNs = request.EndNs });
        var found = new List<FoundTrace>();
        var (traces, spans) = (0, 0L);
        if (request.Limit > 0)
        {
            foreach (var trace in Candidates(filter, cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                traces++;
                spans += trace.Spans.Count;
                if (Of(new TraceSpans(trace.Spans), cancellation) is { } match)
                {
                    found.Add(match);
                    if (found.Count >= request.Limit)
                    {
                        break;
                    }
                }
            }
        }
        return new TraceSearchResult(found, traces, spans);
    }

    /// <summary>What a result shows elsewhere is no attribute of a span.</summary>
    private static bool IsShown(FieldExpr field) => field is not FieldExpr.Intrinsic
    {
        Which: TraceIntrinsic.Name or TraceIntrinsic.Duration or TraceIntrinsic.TraceDuration or TraceIntrinsic.RootName or TraceIntrinsic.RootService
            or TraceIntrinsic.TraceId or TraceIntrinsic.SpanId or TraceIntrinsic.Parent,
    };

    /// <summary>A query for one trace needs no search.</summary>
    private IEnumerable<Trace> Candidates(TraceFilter filter, CancellationToken cancellation)
    {
        if (pipeline.Stages[0] is PipelineStage.Pick { Expr: SpansetExpr.Filter { Condition: { } condition } } && TraceIdIn(condition) is { } id)
        {
            return store.Get(request.Tenant, id) is { } trace && trace.Spans.Any(span => span.StartNs >= request.StartNs && span.StartNs < request.EndNs)
                ? [trace] : [];
        }
        return store.Find(filter, cancellation);
    }

    private static TraceId? TraceIdIn(FieldExpr condition) => condition switch
    {
        FieldExpr.Binary { Operator: FieldOperator.And } and => TraceIdIn(and.Left) ?? TraceIdIn(and.Right),
        FieldExpr.Binary
        {
            Operator: FieldOperator.Equal, Left: FieldExpr.Intrinsic { Which: TraceIntrinsic.TraceId },
            Right: FieldExpr.Literal { Value.Type: TraceValueKind.Text } id,
        } => TraceId.TryParse(id.Value.Text, out var parsed) ? parsed : default(TraceId),
        _ => null,
    };

    private FoundTrace? Of(TraceSpans trace, CancellationToken cancellation)
    {
        var sets = _evaluation.Run(trace, cancellation);
        return sets.Count == 0 ? null
            : new FoundTrace(TraceSummarizing.Summarize(trace.Spans), [.. sets.Select(set => Of(trace, set))]);
    }

    private FoundSpanset Of(TraceSpans trace, Spanset set) => new(
        [
            .. set.Spans.OrderBy(span => trace.Spans[span].StartNs).Take(request.SpansPerSet > 0 ? request.SpansPerSet : int.MaxValue)
                .Select(span => new FoundSpan(trace.Spans[span], _showsName, Attributes(trace, span))),
        ],
        set.Spans.Count, set.Attributes);

    private List<KeyValuePair<string, TraceValue>> Attributes(TraceSpans trace, int span)
    {
        var attributes = new List<KeyValuePair<string, TraceValue>>();
        foreach (var field in _shown)
        {
            var (name, value) = field switch
            {
                FieldExpr.Attribute attribute => (attribute.Key, FieldReading.Attribute(trace, span, attribute)),
                FieldExpr.Intrinsic intrinsic => (intrinsic.Which.Name(), FieldReading.Intrinsic(trace, span, intrinsic.Which)),
                _ => ("", TraceValue.Nil),
            };
            if (!value.IsNil && !attributes.Exists(known => known.Key == name))
            {
                attributes.Add(KeyValuePair.Create(name, value));
            }
        }
        return attributes;
    }
}
