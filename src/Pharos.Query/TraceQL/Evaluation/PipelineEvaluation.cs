using System.Diagnostics;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Runs a pipeline's stages over one trace after another.</summary>
/// <remarks>Compiled once, without state: any number of threads may run it.</remarks>
internal sealed class PipelineEvaluation
{
    private readonly List<Stage> _stages = [];

    public PipelineEvaluation(TracePipeline pipeline)
    {
        foreach (var stage in pipeline.Stages)
        {
            if (Compile(stage) is { } compiled)
            {
                _stages.Add(compiled);
            }
        }
    }

    private delegate List<Spanset> Stage(TraceSpans trace, List<Spanset> sets, CancellationToken cancellation);

    /// <returns>Sets with at least one span each; none where the trace is not part of the answer.</returns>
    public List<Spanset> Run(TraceSpans trace, CancellationToken cancellation) => Run(trace, Spanset.Whole(trace), cancellation);

    public List<Spanset> Run(TraceSpans trace, Spanset input, CancellationToken cancellation)
    {
        List<Spanset> sets = input.Spans.Count == 0 ? [] : [input];
        foreach (var stage in _stages)
        {
            if (sets.Count == 0)
            {
                break;
            }
            cancellation.ThrowIfCancellationRequested();
            sets = stage(trace, sets, cancellation);
        }
        return sets;
    }

    private static Stage? Compile(PipelineStage stage)
    {
        switch (stage)
        {
            case PipelineStage.Pick pick:
                var spans = SpansetEvaluation.Compile(pick.Expr);
                return (trace, sets, cancellation) => Each(sets, set => Picked(trace, set, spans, cancellation));
            case PipelineStage.GroupBy group:
                var value = FieldCompiler.Value(group.Field);
                var name = group.ToString();
                return (trace, sets, _) => Group(trace, sets, value, name);
            case PipelineStage.Coalesce:
                return static (_, sets, _) => [Merge(sets)];
            case PipelineStage.Compare compare:
                return Compare(compare);
            case PipelineStage.Select:
                // What is shown is found in the query's text.
                return null;
            default:
                throw new UnreachableException();
        }
    }

    private static List<Spanset> Each(List<Spanset> sets, Func<Spanset, Spanset?> change)
    {
        var changed = new List<Spanset>(sets.Count);
        foreach (var set in sets)
        {
            if (change(set) is { } kept)
            {
                changed.Add(kept);
            }
        }
        return changed;
    }

    private static Spanset? Picked(TraceSpans trace, Spanset set, SpansetEvaluation.Picker picker, CancellationToken cancellation)
    {
        var picked = picker(trace, set.Spans, cancellation);
        var spans = new List<int>();
        for (var i = 0; i < picked.Length; i++)
        {
            if (picked[i])
            {
                spans.Add(i);
            }
        }
        return spans.Count == 0 ? null : set with { Spans = spans };
    }

    private static List<Spanset> Group(TraceSpans trace, List<Spanset> sets, Func<TraceSpans, int, TraceValue> value, string name)
    {
        var grouped = new List<Spanset>();
        foreach (var set in sets)
        {
            var groups = new Dictionary<TraceValue, List<int>>();
            foreach (var span in set.Spans)
            {
                var key = value(trace, span);
                if (!groups.TryGetValue(key, out var group))
                {
                    groups[key] = group = [];
                    grouped.Add(new Spanset(group, [.. set.Attributes, KeyValuePair.Create(name, key)]));
                }
                group.Add(span);
            }
        }
        return grouped;
    }

    private static Spanset Merge(List<Spanset> sets) => sets.Count == 1 ? sets[0] with { Attributes = [] }
        : new Spanset(sets.SelectMany(static set => set.Spans).Distinct().Order().ToArray(), []);

    private static Stage Compare(PipelineStage.Compare compare)
    {
        var (left, right) = (new ScalarEvaluation(compare.Left), new ScalarEvaluation(compare.Right));
        return (trace, sets, cancellation) => Each(sets, set =>
        {
            var found = new Dictionary<string, TraceValue>(StringComparer.Ordinal);
            var (a, b) = (left.Of(trace, set, found, cancellation), right.Of(trace, set, found, cancellation));
            if (!TraceOperations.Compare(compare.Operator, a, b))
            {
                return null;
            }
            foreach (var (name, value) in found)
            {
                set = set.With(name, value);
            }
            return set;
        });
    }
}
