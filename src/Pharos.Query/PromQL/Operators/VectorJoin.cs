using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Operators;

/// <summary>Arithmetic and comparison between two instant vectors, matched by labels.</summary>
internal sealed class VectorJoin
{
    private readonly Evaluator _evaluator;
    private readonly BinaryExpr _expr;
    private readonly VectorMatching _matching;
    private readonly Func<LabelSet, LabelSet> _signature;
    private readonly HashSet<string> _names;
    private readonly bool _oneIsLeft;
    private readonly bool _dropsName;
    private readonly ElementOperations _operations;

    public VectorJoin(Evaluator evaluator, BinaryExpr expr)
    {
        _evaluator = evaluator;
        _expr = expr;
        _matching = expr.Matching!;
        _signature = Signatures.Of(_matching);
        _names = _matching.Labels.ToHashSet(StringComparer.Ordinal);
        _oneIsLeft = _matching.Cardinality == MatchCardinality.OneToMany;
        _dropsName = expr.Operator.IsArithmetic() || expr.ReturnBool;
        _operations = new ElementOperations(evaluator.Context.Annotations, expr);
    }

    public List<SeriesColumn> Evaluate(List<SeriesColumn> left, List<SeriesColumn> right)
    {
        var (many, one) = _oneIsLeft ? (right, left) : (left, right);
        var ones = Group(one, StepsThatMatter(many));
        // As in Prometheus, which turns the sides of group_right around first: "left" is always the "many" side.
        many = new MissingElements(_signature, _matching.FillLeft, _matching.FillRight).Complete(many, ones, _evaluator.Steps);
        var output = new Dictionary<LabelSet, SeriesColumn>();
        var used = new Dictionary<LabelSet, bool[]>();
        var order = new List<SeriesColumn>();
        foreach (var series in many)
        {
            _evaluator.Context.Cancellation.ThrowIfCancellationRequested();
            var key = _signature(series.Labels);
            if (ones.TryGetValue(key, out var partners))
            {
                foreach (var partner in partners)
                {
                    Join(key, series, partner, output, used, order);
                }
            }
        }
        return Columns.Merge(order.FindAll(static column => !column.IsEmpty));
    }

    /// <param name="key">What both are matched by.</param>
    private void Join(LabelSet key, SeriesColumn many, SeriesColumn one, Dictionary<LabelSet, SeriesColumn> output,
        Dictionary<LabelSet, bool[]> used, List<SeriesColumn> order)
    {
        SeriesColumn? column = null;
        bool[]? taken = null;
        var isOneToOne = _matching.Cardinality == MatchCardinality.OneToOne;
        for (var step = 0; step < many.Steps; step++)
        {
            if (!many.Present[step] || !one.Present[step])
            {
                continue;
            }
            var (left, right) = _oneIsLeft ? (one[step], many[step]) : (many[step], one[step]);
            if (!_operations.TryApply(left, right, out var value, out var keep))
            {
                continue;
            }
            if (isOneToOne)
            {
                // Even an element that a comparison drops counts: the matching itself must be one to one.
                Claim(taken ??= Taken(used, key), step);
            }
            if (_expr.ReturnBool)
            {
                value = keep ? 1 : 0;
            }
            else if (!keep)
            {
                continue;
            }
            else if (_expr.Operator.IsComparison())
            {
                value = left;
            }
            column ??= Target(many, one, output, order);
            if (!isOneToOne)
            {
                Claim(taken ??= Taken(used, column.Labels), step);
            }
            column.Set(step, value);
        }
    }

    private SeriesColumn Target(SeriesColumn many, SeriesColumn one, Dictionary<LabelSet, SeriesColumn> output,
        List<SeriesColumn> order)
    {
        var (labels, dropName) = ResultLabels(many, one);
        if (!output.TryGetValue(labels, out var column))
        {
            output[labels] = column = new SeriesColumn(labels, _evaluator.Steps) { DropName = dropName };
            order.Add(column);
        }
        return column;
    }

    private bool[] Taken(Dictionary<LabelSet, bool[]> used, LabelSet key)
    {
        if (!used.TryGetValue(key, out var taken))
        {
            used[key] = taken = new bool[_evaluator.Steps];
        }
        return taken;
    }

    /// <summary>One element per step under each key.</summary>
    private void Claim(bool[] taken, int step)
    {
        if (taken[step])
        {
            throw new QueryException(QueryErrorKind.Execution, "multiple matches for labels: " +
                (_matching.Cardinality == MatchCardinality.OneToOne
                    ? "many-to-one matching must be explicit (group_left/group_right)"
                    : "grouping labels must ensure unique matches"));
        }
        taken[step] = true;
    }

    private (LabelSet Labels, bool DropName) ResultLabels(SeriesColumn many, SeriesColumn one)
    {
        var labels = many.Labels;
        var dropName = many.DropName;
        if (_dropsName)
        {
            (labels, dropName) = _evaluator.WithoutName(labels);
        }
        if (_matching.Cardinality == MatchCardinality.OneToOne)
        {
            labels = _matching.On ? Signatures.Keep(labels, _names) : Signatures.Drop(labels, _names, dropName: false);
        }
        foreach (var name in _matching.Include)
        {
            labels = labels.With(name, one.Labels[name]);
        }
        return (labels, dropName);
    }

    /// <summary>The steps at which the "many" side has an element. At others nothing can match, and two alike on the "one" side
    /// are not refused; null if missing elements are filled in, as then every step matters.</summary>
    private bool[]? StepsThatMatter(List<SeriesColumn> many)
    {
        if (_matching.FillLeft is not null || _matching.FillRight is not null)
        {
            return null;
        }
        var steps = new bool[_evaluator.Steps];
        foreach (var series in many)
        {
            for (var step = 0; step < steps.Length; step++)
            {
                steps[step] |= series.Present[step];
            }
        }
        return steps;
    }

    /// <summary>The "one" side by signature; at no step that matters may two of a group have a value.</summary>
    private Dictionary<LabelSet, List<SeriesColumn>> Group(List<SeriesColumn> one, bool[]? steps)
    {
        var groups = new Dictionary<LabelSet, List<SeriesColumn>>();
        foreach (var series in one)
        {
            var key = _signature(series.Labels);
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = [];
            }
            foreach (var other in group)
            {
                RefuseOverlap(key, other, series, steps);
            }
            group.Add(series);
        }
        return groups;
    }

    private void RefuseOverlap(LabelSet key, SeriesColumn earlier, SeriesColumn later, bool[]? steps)
    {
        for (var step = 0; step < later.Present.Length; step++)
        {
            if (later.Present[step] && earlier.Present[step] && steps?[step] != false)
            {
                var side = _oneIsLeft ? "left" : "right";
                // In an order that does not depend on the store's.
                var (first, second) = earlier.Labels.CompareTo(later.Labels) < 0 ? (earlier, later) : (later, earlier);
                throw new QueryException(QueryErrorKind.Execution,
                    $"found duplicate series for the match group {key} on the {side} hand-side of the operation: " +
                    $"[{InBraces(first.Labels)}, {InBraces(second.Labels)}];many-to-many matching not allowed: " +
                    "matching labels must be unique on one side");
            }
        }
    }

    /// <summary>All labels alike, the metric's name among them.</summary>
    private static string InBraces(LabelSet labels) =>
        "{" + string.Join(", ", labels.Select(label => $"{label.Name}={GoQuote.Quote(label.Value)}")) + "}";
}
