namespace Pharos.Collection.Shipping.Stages.Jmes;

/// <summary>Applies a tree to a value.</summary>
internal static class JmesEvaluator
{
    /// <exception cref="JmesException">A function was given what it does not take.</exception>
    public static object? Evaluate(JmesNode node, object? value)
    {
        switch (node)
        {
            case JmesNode.Current:
                return value;
            case JmesNode.Field field:
                return JmesValue.Member(value, field.Name);
            case JmesNode.Literal literal:
                return literal.Value;
            case JmesNode.Then then:
                return Evaluate(then.Right, Evaluate(then.Left, value));
            case JmesNode.Index index:
                return At(JmesValue.Items(Evaluate(index.Of, value)), index.At);
            case JmesNode.Or or:
                return Evaluate(or.Left, value) is var left && JmesValue.IsTrue(left) ? left : Evaluate(or.Right, value);
            case JmesNode.And and:
                return Evaluate(and.Left, value) is var first && !JmesValue.IsTrue(first) ? first : Evaluate(and.Right, value);
            case JmesNode.Not not:
                return !JmesValue.IsTrue(Evaluate(not.Of, value));
            case JmesNode.Compare compare:
                return Compare(compare.Operator, Evaluate(compare.Left, value), Evaluate(compare.Right, value));
            case JmesNode.Call call:
                return JmesFunctions.Call(call, value);
            case JmesNode.Reference reference:
                return reference.Of;
            case JmesNode.MultiList list:
                return value is null ? null : list.Items.Select(item => Evaluate(item, value)).ToList();
            case JmesNode.MultiHash hash:
                return value is null ? null
                    : hash.Members.ToDictionary(member => member.Key, member => Evaluate(member.Value, value), StringComparer.Ordinal);
            default:
                return Project(node, value);
        }
    }

    private static List<object?>? Project(JmesNode node, object? value)
    {
        var (items, each) = node switch
        {
            JmesNode.ListProjection list => (JmesValue.Items(Evaluate(list.Of, value)), list.Each),
            JmesNode.ValueProjection values => (JmesValue.Members(Evaluate(values.Of, value))?.Select(static member => member.Value).ToList(), values.Each),
            JmesNode.FilterProjection filter => (JmesValue.Items(Evaluate(filter.Of, value))?
                .Where(item => JmesValue.IsTrue(Evaluate(filter.Condition, item))).ToList(), filter.Each),
            JmesNode.FlattenProjection flatten => (Flat(JmesValue.Items(Evaluate(flatten.Of, value))), flatten.Each),
            JmesNode.Slice slice => (Sliced(JmesValue.Items(Evaluate(slice.Of, value)), slice), slice.Each),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return items?.Select(item => Evaluate(each, item)).Where(static item => item is not null).ToList();
    }

    private static List<object?>? Flat(IReadOnlyList<object?>? items) =>
        items?.SelectMany(static item => JmesValue.Items(item) ?? [item]).ToList();

    private static object? At(IReadOnlyList<object?>? items, int index)
    {
        if (items is null)
        {
            return null;
        }
        index += index < 0 ? items.Count : 0;
        return index >= 0 && index < items.Count ? items[index] : null;
    }

    private static List<object?>? Sliced(IReadOnlyList<object?>? items, JmesNode.Slice slice)
    {
        if (items is null)
        {
            return null;
        }
        var step = slice.Step;
        var (low, high) = step > 0 ? (0, items.Count) : (-1, items.Count - 1);
        var from = slice.From is { } start ? Math.Clamp(start < 0 ? start + items.Count : start, low, high) : step > 0 ? 0 : high;
        var to = slice.To is { } end ? Math.Clamp(end < 0 ? end + items.Count : end, low, high) : step > 0 ? high : -1;
        var found = new List<object?>();
        for (long i = from; step > 0 ? i < to : i > to; i += step)
        {
            found.Add(items[(int)i]);
        }
        return found;
    }

    private static object? Compare(string op, object? left, object? right) => op switch
    {
        "==" => JmesValue.Equals(left, right),
        "!=" => !JmesValue.Equals(left, right),
        _ when left is not double || right is not double => null,
        "<" => (double)left < (double)right,
        "<=" => (double)left <= (double)right,
        ">" => (double)left > (double)right,
        _ => (double)left >= (double)right,
    };
}
