using System.Globalization;
using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Fuzz.Mutation;

/// <summary>Queries that are right by their types most of the time.</summary>
internal sealed class PromqlGrammar(Random random)
{
    private const int MaxDepth = 5;

    private static readonly FunctionEntry[] Table = [.. FunctionTable.All.OrderBy(static entry => entry.Signature.Name, StringComparer.Ordinal)];

    private static readonly string[] Aggregations =
    [
        "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "quantile", "count_values", "limitk", "limit_ratio",
    ];

    private static readonly string[] Operators =
        ["+", "-", "*", "/", "%", "^", "atan2", "==", "!=", ">", "<", ">=", "<=", "and", "or", "unless", "</", ">/"];

    private int _depth;

    public static IReadOnlyList<string> Functions { get; } = [.. Table.Select(static entry => entry.Signature.Name + "(")];

    public string Write() => Of(Any(ExprType.Vector, ExprType.Vector, ExprType.Scalar, ExprType.Matrix));

    private string Of(ExprType type)
    {
        if (_depth >= MaxDepth)
        {
            return Leaf(type);
        }
        _depth++;
        var text = type switch
        {
            ExprType.Vector => Vector(),
            ExprType.Scalar => Scalar(),
            ExprType.Matrix => Matrix(),
            _ => Leaf(type),
        };
        _depth--;
        return text;
    }

    private string Leaf(ExprType type) => type switch
    {
        ExprType.Vector => Selector(),
        ExprType.Scalar => Number(),
        ExprType.Matrix => $"{Selector()}[{Duration()}]{Modifier()}",
        _ => Any("\"\"", "\"a\"", "\"instance\"", "'(.*)'", "\"$1\"", "`l.l`", "\"\\u00fc\"", "\"job\""),
    };

    private string Vector() => random.Next(12) switch
    {
        0 or 1 => Selector() + Modifier(),
        2 or 3 or 4 => Call(ExprType.Vector),
        5 or 6 => Aggregation(),
        7 or 8 => Binary(),
        9 => $"({Of(ExprType.Vector)})",
        10 => $"-{Of(ExprType.Vector)}",
        _ => $"{Of(ExprType.Vector)} {Any("+", "*", ">", "== bool", "^", "/")} {Of(ExprType.Scalar)}",
    };

    private string Scalar() => random.Next(5) switch
    {
        0 => Call(ExprType.Scalar),
        1 => $"({Of(ExprType.Scalar)} {Any("+", "-", "*", "/", "%", "^", "atan2", "> bool")} {Of(ExprType.Scalar)})",
        2 => $"-{Of(ExprType.Scalar)}",
        _ => Number(),
    };

    private string Matrix() => random.Next(3) == 0
        ? $"{(random.Next(3) == 0 ? Selector() : $"({Of(ExprType.Vector)})")}[{Duration()}:{(random.Next(3) == 0 ? "" : Duration())}]{Modifier()}"
        : $"{Selector()}[{Duration()}]{(random.Next(8) == 0 ? Any(" anchored", " smoothed") : "")}{Modifier()}";

    private string Call(ExprType result)
    {
        FunctionSignature signature;
        do
        {
            signature = Table[random.Next(Table.Length)].Signature;
        }
        while (signature.ReturnType != result);
        var arguments = signature.ArgumentTypes.Select(Of).ToList();
        if (signature.Variadic != 0 && random.Next(2) == 0 && arguments.Count > 0)
        {
            if (random.Next(2) == 0 && signature.Variadic > 0)
            {
                arguments.RemoveAt(arguments.Count - 1);
            }
            else
            {
                arguments.Add(Of(signature.ArgumentTypes[^1]));
            }
        }
        return $"{signature.Name}({string.Join(", ", arguments)})";
    }

    private string Aggregation()
    {
        var name = Aggregations[random.Next(Aggregations.Length)];
        var parameter = name switch
        {
            "topk" or "bottomk" or "limitk" => $"{Any("0", "1", "2", "-1", Of(ExprType.Scalar))}, ",
            "quantile" or "limit_ratio" => $"{Any("0.5", "-0.5", "2", "NaN", Of(ExprType.Scalar))}, ",
            "count_values" => $"{Any("\"v\"", "\"instance\"", "\"l.l\"")}, ",
            _ => "",
        };
        var grouping = random.Next(2) == 0 ? $" {Any("by", "without")} ({Labels()}) " : "";
        return $"{name}{grouping}({parameter}{Of(ExprType.Vector)})";
    }

    private string Binary()
    {
        var op = Operators[random.Next(Operators.Length)];
        var isSet = op is "and" or "or" or "unless";
        var isComparison = op is "==" or "!=" or ">" or "<" or ">=" or "<=";
        var matching = random.Next(2) == 0 ? $" {Any("on", "ignoring")} ({Labels()})" : "";
        var group = !isSet && matching.Length > 0 && random.Next(3) == 0 ? $" {Any("group_left", "group_right")} ({Any("", "", "version")})" : "";
        var fill = !isSet && random.Next(10) == 0 ? $" {Any("fill", "fill_left", "fill_right")} ({Any("0", "1", "NaN")})" : "";
        return $"{Of(ExprType.Vector)} {op}{(isComparison && random.Next(3) == 0 ? " bool" : "")}{matching}{group}{fill} {Of(ExprType.Vector)}";
    }

    private string Selector() => random.Next(6) switch
    {
        0 => $"{{__name__=~\"{Any("m.", "n1|n2", ".*", "[mn].")}\"}}",
        1 => $"{Any("m1", "m2", "n1", "n2", "h_bucket")}{{instance{Any("=", "!=", "=~", "!~")}\"{Any("a", "b", ".*", "", "a|b")}\"}}",
        2 => "{\"u.t.f\", \"l.l\"!=\"\"}",
        _ => Any("m1", "m2", "m3", "n1", "n2", "h_bucket", "target_info", "none"),
    };

    private string Modifier() => random.Next(6) switch
    {
        0 => $" offset {Any("", "-")}{Duration()}",
        1 => $" @ {Any("1700001800", "start()", "end()", "1700001800.5")}",
        2 => $" @ end() offset {Duration()}",
        _ => "",
    };

    private string Duration() => random.Next(12) switch
    {
        0 => $"({Number()} * 1m)",
        1 => Any("step()", "range()", "max_of(step(), 1m)", "min_of(1h, range())", "(1m + 30s)"),
        2 => Any("1ms", "15s", "3600", "1h30m"),
        _ => Any("1m", "5m", "10m", "37s", "1h"),
    };

    private string Number() => random.Next(4) == 0
        ? Any("0", "-1", "NaN", "Inf", "-Inf", "1e9", "0.5", "1e-9", "0x1F", "5m", "1e300", "9007199254740993")
        : random.Next(10).ToString(CultureInfo.InvariantCulture);

    private string Labels() => Any("", "instance", "job", "instance, job", "le", "\"l.l\"", "__name__");

    private T Any<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
