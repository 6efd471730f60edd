using Pharos.Query.TraceQL.Evaluation;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Query.TraceQL.Metrics;

/// <summary>Finds the spans that a pipeline gives in the range of an answer: one by one where each speaks for itself, else trace by trace.</summary>
internal sealed class MeasuredSpans(ITraceStore store, string tenant, MetricsGrid grid, CancellationToken cancellation)
{
    /// <summary>How many spans were read.</summary>
    public long Inspected { get; private set; }

    /// <param name="needsTrace">Whether the visitor asks for what only the whole trace tells.</param>
    /// <param name="visit">Gets the trace, the span's place in it and the point that it belongs to.</param>
    public void ForEach(TracePipeline pipeline, bool needsTrace, Action<TraceSpans, int, int> visit)
    {
        var evaluation = new PipelineEvaluation(pipeline);
        var filter = PushDown.ApplyToGiven(pipeline, new TraceFilter { Tenant = tenant, StartNs = grid.StartNs, EndNs = grid.EndNs });
        if (!needsTrace && QueryNeeds.IsSpanBySpan(pipeline))
        {
            foreach (var span in store.Spans(filter, cancellation))
            {
                Visit(new TraceSpans([span]), evaluation, visit);
            }
            return;
        }
        foreach (var trace in store.Find(filter, cancellation))
        {
            Visit(new TraceSpans(trace.Spans), evaluation, visit);
        }
    }

    private void Visit(TraceSpans trace, PipelineEvaluation evaluation, Action<TraceSpans, int, int> visit)
    {
        cancellation.ThrowIfCancellationRequested();
        Inspected += trace.Spans.Count;
        foreach (var set in evaluation.Run(trace, cancellation))
        {
            foreach (var span in set.Spans)
            {
                if (grid.IndexOf(trace.Spans[span].StartNs) is >= 0 and var point)
                {
                    visit(trace, span, point);
                }
            }
        }
    }
}
