using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>What a store is asked for a query: never less than what the query finds, and as little more as its conditions can say.</summary>
/// <remarks>Every part of a query that gives spans needs a span of which some conditions hold, all of them or one. What a store cannot
/// say of a condition is left out where all must hold; where one is enough, all is asked for.</remarks>
internal static class PushDown
{
    /// <summary>More alternatives than these are not worth a store's time.</summary>
    private const int MaxConditions = 16;

    private static readonly Needs Everything = new([], true);

    private enum Effort
    {
        Equality,
        Range,
        Pattern,
        Presence,
    }

    /// <summary>What a trace must have that the pipeline gives spans of it.</summary>
    /// <param name="filter">Whose and when.</param>
    public static TraceFilter Apply(TracePipeline pipeline, TraceFilter filter)
    {
        var needs = Of(pipeline, ofGiven: false);
        return filter with { Conditions = needs.Conditions, NeedsAll = needs.All };
    }

    /// <summary>What every span satisfies that the pipeline gives: what is asked for where the spans themselves must lie in a range of time.</summary>
    public static TraceFilter ApplyToGiven(TracePipeline pipeline, TraceFilter filter)
    {
        var needs = Of(pipeline, ofGiven: true);
        return filter with { Conditions = needs.Conditions, NeedsAll = needs.All };
    }

    /// <summary>As <see cref="Apply(TracePipeline, TraceFilter)"/>, of what one span must satisfy.</summary>
    public static TraceFilter Apply(FieldExpr? condition, TraceFilter filter)
    {
        var needs = Of(condition);
        return filter with { Conditions = needs.Conditions, NeedsAll = needs.All };
    }

    private static Needs Of(TracePipeline pipeline, bool ofGiven)
    {
        var needs = Everything;
        foreach (var stage in pipeline.Stages)
        {
            // A span that is picked twice satisfies both; behind other picks, some span does.
            if (stage is PipelineStage.Pick { Expr: SpansetExpr.Filter filter } && (needs.All || needs.Conditions.Count == 0))
            {
                needs = Both(needs, Of(filter.Condition));
            }
            else if (stage is PipelineStage.Pick pick)
            {
                return needs.Conditions.Count > 0 ? needs : Of(pick.Expr, ofGiven);
            }
        }
        return needs;
    }

    private static Needs Of(SpansetExpr expr, bool ofGiven) => expr switch
    {
        SpansetExpr.Filter filter => Of(filter.Condition),
        SpansetExpr.Nested nested => Of(nested.Pipeline, ofGiven),
        SpansetExpr.Operation { Operator: SpansetOperator.Or } either => Either(Of(either.Left, ofGiven), Of(either.Right, ofGiven)),
        SpansetExpr.Operation { Form: StructureForm.Negated } negated => Of(negated.Right, ofGiven),
        SpansetExpr.Operation both when !ofGiven => Better(Of(both.Left, ofGiven), Of(both.Right, ofGiven)),
        SpansetExpr.Operation { Operator: SpansetOperator.And } or SpansetExpr.Operation { Form: StructureForm.Union } =>
            Either(Of(((SpansetExpr.Operation)expr).Left, ofGiven), Of(((SpansetExpr.Operation)expr).Right, ofGiven)),
        SpansetExpr.Operation structure => Of(structure.Right, ofGiven),
        _ => Everything,
    };

    private static Needs Of(FieldExpr? condition) => condition switch
    {
        FieldExpr.Binary { Operator: FieldOperator.And } and => Both(Of(and.Left), Of(and.Right)),
        FieldExpr.Binary { Operator: FieldOperator.Or } or => Either(Of(or.Left), Of(or.Right)),
        FieldExpr.Binary binary when binary.Operator.IsComparison() && Comparison(binary) is { } found => new Needs([found], true),
        FieldExpr.Attribute attribute when Field(attribute) is { } field =>
            new Needs([field with { Operator = SpanOperator.Equal, Value = AttributeValue.OfBool(true) }], true),
        _ => Everything,
    };

    private static Needs Both(Needs left, Needs right)
    {
        if (left.All && right.All)
        {
            return new Needs([.. left.Conditions, .. right.Conditions], true);
        }
        return Better(left, right);
    }

    private static Needs Either(Needs left, Needs right)
    {
        if (left.Conditions.Count == 0 || right.Conditions.Count == 0)
        {
            return Everything;
        }
        var conditions = left.AsAlternatives().Concat(right.AsAlternatives()).ToList();
        return conditions.Count <= MaxConditions ? new Needs(conditions, false) : Everything;
    }

    /// <summary>Both must be there: the one that finds less is asked for.</summary>
    private static Needs Better(Needs left, Needs right)
    {
        if (left.Conditions.Count == 0 || right.Conditions.Count == 0)
        {
            return left.Conditions.Count == 0 ? right : left;
        }
        return right.Cost() < left.Cost() ? right : left;
    }

    private static SpanCondition? Comparison(FieldExpr.Binary binary)
    {
        var (field, value, op) = (binary.Left, binary.Right, binary.Operator);
        if (field is FieldExpr.Literal)
        {
            (field, value, op) = (value, field, op.Flip());
        }
        if (value is not FieldExpr.Literal literal || Field(field) is not { } condition)
        {
            return null;
        }
        if (literal.Value.IsNil)
        {
            return op == FieldOperator.NotEqual && condition.Field == SpanField.Attribute ? condition with { Operator = SpanOperator.Exists } : null;
        }
        if (op.IsRegex())
        {
            return condition with
            {
                Operator = op == FieldOperator.Matches ? SpanOperator.Matches : SpanOperator.NotMatches,
                Pattern = GoRegex.Anchored(literal.Value.Text),
            };
        }
        return Constant(literal.Value) is not { } constant ? null : Named(condition with
        {
            Value = constant,
            Operator = op switch
            {
                FieldOperator.Equal => SpanOperator.Equal,
                FieldOperator.NotEqual => SpanOperator.NotEqual,
                FieldOperator.Less => SpanOperator.Less,
                FieldOperator.LessOrEqual => SpanOperator.LessOrEqual,
                FieldOperator.Greater => SpanOperator.Greater,
                _ => SpanOperator.GreaterOrEqual,
            },
        });
    }

    /// <summary>A service by its name is what stores know best.</summary>
    private static SpanCondition Named(SpanCondition condition) =>
        condition is { Key: "service.name", Scopes: AttributeScopes.Resource, Operator: SpanOperator.Equal, Value.Kind: AttributeKind.Text }
            && condition.Value.Text.Length > 0 ? new SpanCondition(SpanField.Service, SpanOperator.Equal, condition.Value) : condition;

    private static AttributeValue? Constant(in TraceValue value) => value.Type switch
    {
        TraceValueKind.Text => AttributeValue.OfText(value.Text),
        TraceValueKind.Bool => AttributeValue.OfBool(value.IsTrue),
        TraceValueKind.Int or TraceValueKind.Duration or TraceValueKind.Status or TraceValueKind.Kind => AttributeValue.OfInt(value.Int),
        TraceValueKind.Float => AttributeValue.OfDouble(value.Number),
        _ => null,
    };

    /// <returns>Null for what only the whole trace tells.</returns>
    private static SpanCondition? Field(FieldExpr expr) => expr switch
    {
        FieldExpr.Attribute { OfParent: false } attribute => new SpanCondition(SpanField.Attribute, SpanOperator.Exists, default)
        {
            Key = attribute.Key,
            Scopes = attribute.Scope switch
            {
                FieldScope.Span => AttributeScopes.Span,
                FieldScope.Resource => AttributeScopes.Resource,
                FieldScope.Event => AttributeScopes.Event,
                FieldScope.Link => AttributeScopes.Link,
                FieldScope.Instrumentation => AttributeScopes.Scope,
                _ => AttributeScopes.SpanOrResource,
            },
        },
        FieldExpr.Intrinsic intrinsic => intrinsic.Which switch
        {
            TraceIntrinsic.Duration => Of(SpanField.Duration),
            TraceIntrinsic.Name => Of(SpanField.Name),
            TraceIntrinsic.Status => Of(SpanField.Status),
            TraceIntrinsic.StatusMessage => Of(SpanField.StatusMessage),
            TraceIntrinsic.Kind => Of(SpanField.Kind),
            TraceIntrinsic.TraceDuration => Of(SpanField.TraceDuration),
            TraceIntrinsic.RootName => Of(SpanField.RootName),
            TraceIntrinsic.RootService => Of(SpanField.RootService),
            TraceIntrinsic.EventName => Of(SpanField.EventName),
            TraceIntrinsic.InstrumentationName => Of(SpanField.ScopeName),
            TraceIntrinsic.InstrumentationVersion => Of(SpanField.ScopeVersion),
            _ => null,
        },
        _ => null,
    };

    private static SpanCondition Of(SpanField field) => new(field, SpanOperator.Exists, default);

    /// <param name="All">Whether one span satisfies all conditions, or one of them.</param>
    private sealed record Needs(IReadOnlyList<SpanCondition> Conditions, bool All)
    {
        public IEnumerable<SpanCondition> AsAlternatives() => All ? [Conditions.MinBy(EffortOf)!] : Conditions;

        public Effort Cost() => All ? Conditions.Min(EffortOf) : Conditions.Max(EffortOf);

        private static Effort EffortOf(SpanCondition condition) => condition.Operator switch
        {
            SpanOperator.Equal when condition.Field == SpanField.Kind => Effort.Presence,
            SpanOperator.Equal when condition.Field == SpanField.Status && condition.Value.Int != (long)SpanStatus.Error => Effort.Presence,
            SpanOperator.Equal => Effort.Equality,
            SpanOperator.Exists or SpanOperator.NotEqual or SpanOperator.NotMatches => Effort.Presence,
            SpanOperator.Matches => Effort.Pattern,
            _ => Effort.Range,
        };
    }
}
