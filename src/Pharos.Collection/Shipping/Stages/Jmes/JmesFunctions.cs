namespace Pharos.Collection.Shipping.Stages.Jmes;

/// <summary>The functions of the specification, one row each.</summary>
internal static class JmesFunctions
{
    private static readonly Dictionary<string, (int Min, int Max, Func<object?[], object?> Run)> All = new(StringComparer.Ordinal)
    {
        ["abs"] = (1, 1, static a => Math.Abs(Number(a[0]))),
        ["avg"] = (1, 1, static a => Numbers(a[0]) is { Count: > 0 } numbers ? numbers.Average() : null),
        ["ceil"] = (1, 1, static a => Math.Ceiling(Number(a[0]))),
        ["contains"] = (2, 2, static a => a[0] is string text
            ? a[1] is string part && text.Contains(part, StringComparison.Ordinal) : List(a[0]).Any(item => JmesValue.Equals(item, a[1]))),
        ["ends_with"] = (2, 2, static a => Text(a[0]).EndsWith(Text(a[1]), StringComparison.Ordinal)),
        ["floor"] = (1, 1, static a => Math.Floor(Number(a[0]))),
        ["join"] = (2, 2, static a => string.Join(Text(a[0]), List(a[1]).Select(Text))),
        ["keys"] = (1, 1, static a => Members(a[0]).Select(static member => (object?)member.Key).ToList()),
        ["length"] = (1, 1, static a => a[0] is string text ? text.EnumerateRunes().Count()
            : (double)(JmesValue.Items(a[0])?.Count ?? Members(a[0]).Count)),
        ["map"] = (2, 2, static a => List(a[1]).Select(item => JmesEvaluator.Evaluate(Expression(a[0]), item)).ToList()),
        ["max"] = (1, 1, static a => Extreme(List(a[0]), static item => item, 1)),
        ["max_by"] = (2, 2, static a => Extreme(List(a[0]), By(a[1]), 1)),
        ["merge"] = (1, int.MaxValue, Merge),
        ["min"] = (1, 1, static a => Extreme(List(a[0]), static item => item, -1)),
        ["min_by"] = (2, 2, static a => Extreme(List(a[0]), By(a[1]), -1)),
        ["not_null"] = (1, int.MaxValue, static a => Array.Find(a, static item => item is not null)),
        ["reverse"] = (1, 1, static a => a[0] is string text ? string.Concat(text.EnumerateRunes().Reverse()) : List(a[0]).Reverse().ToList()),
        ["sort"] = (1, 1, static a => Sorted(List(a[0]), static item => item)),
        ["sort_by"] = (2, 2, static a => Sorted(List(a[0]), By(a[1]))),
        ["starts_with"] = (2, 2, static a => Text(a[0]).StartsWith(Text(a[1]), StringComparison.Ordinal)),
        ["sum"] = (1, 1, static a => Numbers(a[0]).Sum()),
        ["to_array"] = (1, 1, static a => JmesValue.Items(a[0]) is null ? new List<object?> { a[0] } : a[0]),
        ["to_number"] = (1, 1, static a => a[0] is double or string ? ExtractedValue.Number(a[0]) : null),
        ["to_string"] = (1, 1, static a => a[0] as string ?? JmesValue.Json(a[0])),
        ["type"] = (1, 1, static a => JmesValue.TypeName(a[0])),
        ["values"] = (1, 1, static a => Members(a[0]).Select(static member => member.Value).ToList()),
    };

    /// <exception cref="JmesException">There is no such function, or it takes another number of arguments.</exception>
    public static JmesNode.Call Check(JmesNode.Call call)
    {
        if (!All.TryGetValue(call.Function, out var function))
        {
            throw new JmesException($"unknown function: {call.Function}");
        }
        return call.Arguments.Count >= function.Min && call.Arguments.Count <= function.Max ? call
            : throw new JmesException($"{call.Function} takes another number of arguments than {call.Arguments.Count}");
    }

    public static object? Call(JmesNode.Call call, object? value)
    {
        var arguments = new object?[call.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = JmesEvaluator.Evaluate(call.Arguments[i], value);
        }
        return All[call.Function].Run(arguments) switch { int number => (double)number, var result => result };
    }

    private static double Number(object? value) => value is double number ? number : throw Wrong("a number", value);

    private static string Text(object? value) => value as string ?? throw Wrong("a string", value);

    private static IReadOnlyList<object?> List(object? value) => JmesValue.Items(value) ?? throw Wrong("an array", value);

    private static List<double> Numbers(object? value) => [.. List(value).Select(Number)];

    private static IReadOnlyList<KeyValuePair<string, object?>> Members(object? value) => JmesValue.Members(value) ?? throw Wrong("an object", value);

    private static JmesNode Expression(object? value) => value as JmesNode ?? throw Wrong("an expression", value);

    private static Func<object?, object?> By(object? expression)
    {
        var node = Expression(expression);
        return item => JmesEvaluator.Evaluate(node, item);
    }

    private static object? Extreme(IReadOnlyList<object?> items, Func<object?, object?> key, int sign)
    {
        object? best = null;
        for (var i = 0; i < items.Count; i++)
        {
            best = i == 0 || Order(key(items[i]), key(best)) * sign > 0 ? items[i] : best;
        }
        return best;
    }

    private static List<object?> Sorted(IReadOnlyList<object?> items, Func<object?, object?> key) =>
        [.. items.OrderBy(key, Comparer<object?>.Create(Order))];

    private static int Order(object? left, object? right) => (left, right) switch
    {
        (double a, double b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        _ => throw Wrong("numbers or strings", left is double or string ? right : left),
    };

    private static Dictionary<string, object?> Merge(object?[] objects)
    {
        var merged = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, member) in objects.SelectMany(Members))
        {
            merged[name] = member;
        }
        return merged;
    }

    private static JmesException Wrong(string wanted, object? value) => new($"invalid type: {wanted} is wanted, not {JmesValue.TypeName(value)}");
}
