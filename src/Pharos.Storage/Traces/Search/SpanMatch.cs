namespace Pharos.Storage.Traces.Search;

/// <summary>Whether a span satisfies conditions: the plain meaning, which faster ways into blocks must agree with.</summary>
public static class SpanMatch
{
    /// <summary>Whether a span satisfies a filter, its time range included.</summary>
    /// <param name="trace">Of the trace that the span is in.</param>
    public static bool Satisfies(Span span, TraceFilter filter, in TraceFacts trace)
    {
        if (span.StartNs < filter.StartNs || span.StartNs >= filter.EndNs)
        {
            return false;
        }
        foreach (var condition in filter.Conditions)
        {
            if (Satisfies(span, condition, trace) != filter.NeedsAll)
            {
                return !filter.NeedsAll;
            }
        }
        return filter.NeedsAll || filter.Conditions.Count == 0;
    }

    public static bool Satisfies(Span span, SpanCondition condition, in TraceFacts trace) => condition.Field switch
    {
        SpanField.Attribute => AnyAttribute(span, condition),
        SpanField.Service => Compare(AttributeValue.OfText(span.Resource.ServiceName), condition),
        SpanField.Name => Compare(AttributeValue.OfText(span.Name), condition),
        SpanField.Kind => Compare(AttributeValue.OfInt((long)span.Kind), condition),
        SpanField.Status => Compare(AttributeValue.OfInt((long)span.Status), condition),
        SpanField.StatusMessage => Compare(AttributeValue.OfText(span.StatusMessage), condition),
        SpanField.Duration => Compare(AttributeValue.OfInt(span.DurationNs), condition),
        SpanField.TraceDuration => Compare(AttributeValue.OfInt(trace.DurationNs), condition),
        SpanField.RootService => Compare(AttributeValue.OfText(trace.RootService), condition),
        SpanField.RootName => Compare(AttributeValue.OfText(trace.RootName), condition),
        SpanField.EventName => AnyEventName(span, condition),
        SpanField.ScopeName => Compare(AttributeValue.OfText(span.Scope.Name), condition),
        _ => Compare(AttributeValue.OfText(span.Scope.Version), condition),
    };

    /// <summary>Whether a value satisfies a condition, whatever it is the value of.</summary>
    public static bool Compare(AttributeValue value, SpanCondition condition)
    {
        if (value.Kind == AttributeKind.Array && condition.Operator is not (SpanOperator.Exists or SpanOperator.TextEqual))
        {
            return true;
        }
        switch (condition.Operator)
        {
            case SpanOperator.Exists:
                return true;
            case SpanOperator.TextEqual:
                return value.ToString() == condition.Value.ToString();
            case SpanOperator.Matches:
                return value.Kind == AttributeKind.Text && condition.Pattern!.IsMatch(value.Text);
            case SpanOperator.NotMatches:
                return value.Kind == AttributeKind.Text && !condition.Pattern!.IsMatch(value.Text);
        }
        if (Order(value, condition.Value) is not { } order)
        {
            return false;
        }
        return condition.Operator switch
        {
            SpanOperator.Equal => order == 0,
            SpanOperator.NotEqual => order != 0,
            SpanOperator.Less => order < 0,
            SpanOperator.LessOrEqual => order <= 0,
            SpanOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }

    /// <returns>Null for what has no order: kinds that differ, and what is not a number.</returns>
    private static int? Order(AttributeValue left, AttributeValue right)
    {
        if (left.Kind is AttributeKind.Int && right.Kind is AttributeKind.Int)
        {
            return left.Int.CompareTo(right.Int);
        }
        if (left.Kind is AttributeKind.Int or AttributeKind.Double && right.Kind is AttributeKind.Int or AttributeKind.Double)
        {
            var (a, b) = (Number(left), Number(right));
            return double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);
        }
        if (left.Kind != right.Kind)
        {
            return null;
        }
        return left.Kind switch
        {
            AttributeKind.Bool => left.Bool.CompareTo(right.Bool),
            AttributeKind.Bytes => left.Bytes.Span.SequenceCompareTo(right.Bytes.Span),
            _ => string.CompareOrdinal(left.Text, right.Text),
        };
    }

    private static double Number(AttributeValue value) => value.Kind == AttributeKind.Int ? value.Int : value.Double;

    private static bool AnyAttribute(Span span, SpanCondition condition)
    {
        var scopes = condition.Scopes;
        if (scopes.HasFlag(AttributeScopes.Span) && AnyOf(span.Attributes, condition)
            || scopes.HasFlag(AttributeScopes.Resource) && AnyOf(span.Resource.Attributes, condition)
            || scopes.HasFlag(AttributeScopes.Scope) && AnyOf(span.Scope.Attributes, condition))
        {
            return true;
        }
        if (scopes.HasFlag(AttributeScopes.Event))
        {
            foreach (var happened in span.Events)
            {
                if (AnyOf(happened.Attributes, condition))
                {
                    return true;
                }
            }
        }
        if (scopes.HasFlag(AttributeScopes.Link))
        {
            foreach (var link in span.Links)
            {
                if (AnyOf(link.Attributes, condition))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private static bool AnyEventName(Span span, SpanCondition condition)
    {
        foreach (var happened in span.Events)
        {
            if (Compare(AttributeValue.OfText(happened.Name), condition))
            {
                return true;
            }
        }
        return false;
    }

    private static bool AnyOf(IReadOnlyList<SpanAttribute> attributes, SpanCondition condition)
    {
        for (var i = 0; i < attributes.Count; i++)
        {
            if (attributes[i].Key == condition.Key && Compare(attributes[i].Value, condition))
            {
                return true;
            }
        }
        return false;
    }
}
