using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Query.PromQL.Functions;

/// <summary>The part of an <c>info()</c> call that picks info series and the labels to take from them.</summary>
internal sealed class InfoSelector
{
    private const string DefaultMetric = "target_info";
    private const string DefaultPattern = ".+_info";

    private readonly List<LabelMatcher> _names;
    private readonly List<LabelMatcher> _labels;
    private readonly CallExpr _call;

    public InfoSelector(CallExpr call)
    {
        _call = call;
        var matchers = call.Arguments.Count > 1 ? ((VectorSelector)call.Arguments[1]).Matchers : [];
        _labels = matchers.Where(matcher => matcher.Name != Label.MetricName).ToList();
        _names = matchers.Where(matcher => matcher.Name == Label.MetricName).ToList();
        if (_names.Count == 0)
        {
            _names.Add(new LabelMatcher(MatchType.Equal, Label.MetricName, DefaultMetric));
        }
        else if (_names.TrueForAll(static matcher => matcher.Type is MatchType.NotEqual or MatchType.NotRegex))
        {
            // Without this, what is left over by an exclusion would be every metric.
            _names.Add(new LabelMatcher(MatchType.Regex, Label.MetricName, DefaultPattern));
        }
    }

    /// <summary>A series that finds no info series goes: a label was asked for by a value it cannot have.</summary>
    public bool RequiresMatch => _labels.Exists(static matcher => !matcher.MatchesEmpty);

    public bool IsInfoMetric(string name) => _names.TrueForAll(matcher => matcher.Matches(name));

    /// <summary>Whether a label of an info series is among those asked for.</summary>
    public bool Takes(string label) => _labels.Count == 0 || _labels.Exists(matcher => matcher.Name == label);

    /// <summary>Selects the info series at the time to which the call's first argument is fixed or shifted.</summary>
    /// <remarks>Of several selectors in that argument the first decides.</remarks>
    public VectorSelector Series()
    {
        var (at, offsetMs) = Reference(_call.Arguments[0]) ?? (null, 0);
        return new VectorSelector
        {
            Name = "",
            Matchers = [.. _labels, .. _names],
            At = at,
            OffsetMs = offsetMs,
            Position = _call.Position,
        };
    }

    private static (AtModifier? At, long OffsetMs)? Reference(Expr expr)
    {
        switch (expr)
        {
            case VectorSelector vector: return (vector.At, vector.OffsetMs);
            case SubqueryExpr subquery:
                return Reference(subquery.Inner) switch
                {
                    { At: null } inner => (subquery.At, subquery.OffsetMs + inner.OffsetMs),
                    // A fixed time inside is not moved by what stands around it.
                    var other => other,
                };
            default: return Inside(expr).Select(Reference).FirstOrDefault(static found => found is not null);
        }
    }

    private static IEnumerable<Expr> Inside(Expr expr) =>
        expr is CallExpr { Function.Name: "info" } info ? [info.Arguments[0]] : expr.Children;
}
