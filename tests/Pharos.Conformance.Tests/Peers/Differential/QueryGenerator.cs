using System.Globalization;

namespace Pharos.Conformance.Tests.Peers.Differential;

/// <summary>Writes PromQL at random over <see cref="GeneratedSamples"/>: mostly sensible, sometimes wrong. One seed, one sequence.</summary>
internal sealed class QueryGenerator(int seed)
{
    private const int MaxDepth = 4;

    private static readonly string[] Gauges = ["load", "memory_bytes", "limit", "build_info", "up", "odd_labels", "bare", "special", "flapping", "sparse", "late"];
    private static readonly string[] Counters = ["requests_total", "errors_total", "gappy_total", "slow_total", "latency_seconds_count", "latency_seconds_sum"];
    private static readonly string[] Labels = ["job", "instance", "code", "region", "version", "kind", "missing"];
    private static readonly string[] Matchers =
    [
        "job=\"api\"", "job!=\"api\"", "instance=~\"a|b\"", "instance!~\"b.*\"", "code=~\"5..\"", "code!=\"200\"", "instance=\"a\"", "region=\"\"",
        "region!=\"\"", "missing=\"\"", "kind=~\".+\"", "kind!~\"nan|.*inf|mixed\"", "job=~\"(?i:API)\"", "instance=~\"[bc]\"", "version=~\"1\\\\.[01]\"",
    ];

    private static readonly string[] Smooth =
    [
        "abs", "ln", "log2", "log10", "sqrt", "deg", "rad", "asin", "acos", "atan", "tanh", "asinh", "atanh", "timestamp", "absent",
        "sort", "sort_desc", "histogram_count", "histogram_sum",
    ];

    /// <summary>These make much of a difference in the last digit: they are asked of values that have none.</summary>
    private static readonly string[] Steep = ["ceil", "floor", "sgn", "exp", "sin", "cos", "tan", "sinh", "cosh", "acosh"];

    private static readonly string[] Calendar = ["minute", "hour", "day_of_week", "day_of_month", "day_of_year", "month", "days_in_month", "year"];
    private static readonly string[] OfCounters = ["rate", "increase", "irate", "resets", "changes"];
    private static readonly string[] OfRanges =
    [
        "irate", "delta", "idelta", "deriv", "resets", "changes", "avg_over_time", "min_over_time", "max_over_time",
        "sum_over_time", "count_over_time", "last_over_time", "present_over_time", "absent_over_time", "stddev_over_time", "stdvar_over_time",
    ];

    private static readonly string[] Aggregations = ["sum", "avg", "min", "max", "count", "group"];
    private static readonly string[] Exactly = ["sum", "min", "max", "count", "group"];
    private static readonly string[] ExactlyOverTime = ["min_over_time", "max_over_time", "count_over_time", "last_over_time", "present_over_time", "changes", "resets"];
    private static readonly string[] Arithmetic = ["+", "-", "*", "/"];
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private static readonly string[] Durations = ["1m", "2m", "5m", "7m", "10m", "15m", "30m", "90s", "1h"];
    private static readonly string[] Numbers = ["0", "1", "2", "0.5", "-1", "1e3", "100", "3.25", "NaN", "Inf", "-Inf", "0x10", "1e-3"];

    private readonly Random _random = new(seed);

    public GeneratedQuery Next()
    {
        var isRange = _random.Next(2) == 0;
        var text = _random.Next(100) switch
        {
            < 80 => Vector(MaxDepth),
            < 88 => Scalar(2),
            < 93 => isRange ? RangeCall(2) : Range(1),
            < 95 => isRange ? Vector(1) : "\"text\"",
            _ => Wrong(),
        };
        return new GeneratedQuery(text, isRange, isRange ? RangeTimes() : $"time={Time()}");
    }

    private string Time() => ((GeneratedSamples.StartMs / 1000) + _random.Next(-200, (GeneratedSamples.Ticks * GeneratedSamples.IntervalMs / 1000) + 500))
        .ToString(CultureInfo.InvariantCulture);

    private string RangeTimes()
    {
        var (start, step) = (long.Parse(Time(), CultureInfo.InvariantCulture), Pick(7, 15, 30, 60, 61, 300, 600));
        return $"start={start}&end={start + (step * _random.Next(1, 40))}&step={step}";
    }

    private string Vector(int depth) => depth <= 0 ? Selector(Any()) : _random.Next(27) switch
    {
        < 4 => Selector(Any()),
        < 9 => RangeCall(depth - 1),
        < 12 => Aggregation(depth - 1),
        < 15 => OfTwoVectors(depth - 1),
        < 17 => OfVectorAndScalar(depth - 1),
        < 19 => $"{Pick(Smooth)}({Vector(depth - 1)})",
        19 => Labelled(depth - 1),
        20 => OfScalars(depth - 1),
        21 => HistogramQuantile(),
        22 => $"{Pick("-", "+")}({Vector(depth - 1)})",
        23 => $"{Pick(Steep)}({Exact(2)})",
        25 => Native(),
        24 => $"({Exact(2)}) {Pick("%", "^")} {Pick(Numbers)}",
        _ => Other(depth - 1),
    };

    /// <summary>A vector of values that both compute without rounding.</summary>
    private string Exact(int depth) => depth <= 0 ? Selector(Any()) : _random.Next(6) switch
    {
        0 => $"{Pick(Exactly)} by ({LabelList()}) ({Exact(depth - 1)})",
        1 => $"{Pick(ExactlyOverTime)}({Range(0)})",
        2 => $"({Exact(depth - 1)}) {Pick("+", "-", "*", "and", "or", "unless")} {Matching()}({Exact(depth - 1)})",
        3 => $"({Exact(depth - 1)}) {Pick("+", "-", "/ 2 +")} {Pick(Numbers)}",
        _ => Selector(Any()),
    };

    private string Any() => _random.Next(3) == 0 ? Pick(Counters) : Pick(Gauges);

    private string Selector(string name)
    {
        var matchers = _random.Next(3) == 0 ? "{" + string.Join(", ", Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Pick(Matchers))) + "}" : "";
        var text = _random.Next(25) == 0 ? $"{{__name__=~\"{name}|{(Counters.Contains(name) ? Pick(Counters) : Any())}\"}}" : name + matchers;
        return text + Modifiers();
    }

    private string Modifiers() => _random.Next(14) switch
    {
        0 => $" offset {Pick(Durations)}",
        1 => $" offset -{Pick(Durations)}",
        2 => $" @ {Time()}",
        3 => $" @ {Pick("start()", "end()")} offset {Pick(Durations)}",
        _ => "",
    };

    /// <summary>A subquery's range is a millisecond longer than a full one, so that no step lies on its left edge.</summary>
    private string Range(int depth, string? name = null)
    {
        if (depth > 0 && _random.Next(4) == 0)
        {
            return $"({Vector(depth - 1)})[{Pick(Durations)}1ms:{Pick("", "30s", "1m", "13s", "5m")}]{Modifiers()}";
        }
        var selector = Selector(name ?? Any());
        var at = selector.IndexOfAny(['@', 'o'], selector.IndexOf('}', StringComparison.Ordinal) + 1);
        var modifiers = at > 0 && selector[at - 1] == ' ' ? selector[(at - 1)..] : "";
        return $"{selector[..(selector.Length - modifiers.Length)]}[{Pick(Durations)}]{modifiers}";
    }

    private string RangeCall(int depth) => _random.Next(12) switch
    {
        < 4 => $"{Pick(OfCounters)}({Range(0, Pick(Counters))})",
        4 => $"quantile_over_time({Pick("0.5", "0.9", "0", "1", "0.25")}, {Range(depth)})",
        5 => $"predict_linear({Range(depth, "load")}, {Pick("60", "3600", "-300")})",
        6 => $"double_exponential_smoothing({Range(depth, Pick("load", "memory_bytes"))}, {Pick("0.3", "0.5", "0.9")}, {Pick("0.2", "0.8")})",
        _ => $"{Pick(OfRanges)}({Range(depth)})",
    };

    private string Aggregation(int depth)
    {
        var grouping = _random.Next(3) switch
        {
            0 => $" by ({LabelList()}) ",
            1 => $" without ({LabelList()}) ",
            _ => " ",
        };
        return _random.Next(10) switch
        {
            // Of distinct values: which of two equal ones is taken is not defined.
            0 => $"{Pick("topk", "bottomk")}{grouping}({Pick("1", "2", "3", "0")}, memory_bytes)",
            1 => $"quantile{grouping}({Pick("0.5", "0.9", "0.1", "0", "1")}, {Vector(depth)})",
            // In a text every digit shows, and the sign of zero, which 2.42 keeps in a sum.
            2 => $"count_values{grouping}(\"value\", 0 + ({Exact(depth)}))",
            // Of finite values: 2.42 calls the spread of one that is not finite zero. And of no times: their spread is made of last digits.
            3 => $"{Pick("stddev", "stdvar")}{grouping}(({Vector(depth)}) > -1e6 < 1e6)",
            _ => $"{Pick(Aggregations)}{grouping}({Vector(depth)})",
        };
    }

    private string LabelList() => string.Join(", ", Enumerable.Range(0, _random.Next(3)).Select(_ => Pick(Labels)).Distinct());

    private string OfTwoVectors(int depth)
    {
        switch (_random.Next(8))
        {
            case 0:
                var by = Pick("instance", "job", "instance, job");
                return $"sum by ({by}) ({Vector(depth)}) {Operator()} {Pick("", $"on ({by}) ")}avg by ({by}) ({Vector(depth)})";
            case 1:
                return $"{Selector(Pick("requests_total", "memory_bytes", "load"))} {Pick(Arithmetic)} on (instance) group_left ({Pick("", "version", "job")}) {Pick("limit", "build_info")}";
            case 2:
                return $"{Pick("limit", "build_info")} {Pick(Arithmetic)} on (instance) group_right ({Pick("", "version")}) {Selector("requests_total")}";
            case 3:
                return $"{Selector("load")} {Operator()} ignoring (region) {Selector("memory_bytes")}";
            case 4:
                return $"{Vector(depth)} {Pick("and", "or", "unless")} {Matching()}{Vector(depth)}";
            case 5:
                return $"{Selector("requests_total")} {Operator()} ignoring (code) group_left () {Selector("errors_total")}";
            case 6:
                // Of values without a name, which 2.42 would keep.
                return $"(0 + ({Vector(depth)})) atan2 {Matching()}(0 + ({Vector(depth)}))";
            default:
                return $"({Vector(depth)}) {Operator()} {Matching()}({Vector(depth)})";
        }
    }

    private string Operator() => _random.Next(3) == 0 ? Pick(Comparisons) + Pick("", " bool") : Pick(Arithmetic);

    private string Matching() => Pick("", "", "", $"on ({LabelList()}) ", $"ignoring ({LabelList()}) ");

    private string OfVectorAndScalar(int depth)
    {
        var (vector, scalar) = ($"({Vector(depth)})", Scalar(1));
        return _random.Next(4) == 0 ? $"{scalar} {Operator()} {vector}" : $"{vector} {Operator()} {scalar}";
    }

    private string Labelled(int depth) => _random.Next(2) == 0
        ? $"label_replace({Vector(depth)}, \"{Pick("copy", "instance", "job", "__name__")}\", \"{Pick("$1", "x-$1", "fixed", "")}\", \"{Pick(Labels)}\", \"{Pick("(.*)", "(.).*", "a", "")}\")"
        : $"label_join({Vector(depth)}, \"{Pick("copy", "instance")}\", \"{Pick("-", "")}\", \"{Pick(Labels)}\", \"{Pick(Labels)}\")";

    private string OfScalars(int depth) => _random.Next(5) switch
    {
        0 => $"clamp({Vector(depth)}, {Pick(Numbers)}, {Pick(Numbers)})",
        1 => $"{Pick("clamp_min", "clamp_max")}({Vector(depth)}, {Scalar(1)})",
        2 => $"round({Exact(depth)}, {Pick("1", "5", "10", "0.25")})",
        3 => $"round({Exact(depth)})",
        _ => $"vector({Scalar(2)})",
    };

    private string HistogramQuantile()
    {
        var buckets = Pick("latency_seconds_bucket", "rate(latency_seconds_bucket[5m])", "sum by (le) (rate(latency_seconds_bucket[10m]))",
            "sum by (le, instance) (increase(latency_seconds_bucket[2m]))", "broken_bucket", "sum without (le) (latency_seconds_bucket)");
        return $"histogram_quantile({Pick("0.5", "0.9", "0.99", "0", "1", "-1", "2", "0.123")}, {buckets})";
    }

    private string Other(int depth) => _random.Next(3) switch
    {
        0 => $"{Pick(Calendar)}({Pick("timestamps", "timestamps", Vector(depth), "")})",
        1 => $"absent({Pick("nothing_here", "nothing_here{a=\"1\", b=~\"2\"}", "flapping", "sum(nothing_here)", Vector(depth))})",
        _ => $"({Vector(depth)})",
    };

    /// <summary>Native histograms, as far as 2.42 has them: down to numbers that do not depend on how buckets are interpolated.</summary>
    private string Native() => _random.Next(6) switch
    {
        0 => $"{Pick("count", "group")} by ({LabelList()}) ({NativeVector(1)})",
        1 => $"{Pick("count_over_time", "present_over_time")}(native_seconds[{Pick(Durations)}]{Modifiers()})",
        _ => $"{Pick("histogram_count", "histogram_sum")}({NativeVector(2)})",
    };

    private string NativeVector(int depth) => depth <= 0 ? $"native_seconds{Modifiers()}" : _random.Next(5) switch
    {
        0 => $"{Pick("rate", "increase")}(native_seconds[{Pick("5m", "7m", "10m", "30m")}]{Modifiers()})",
        1 => $"sum by ({LabelList()}) ({NativeVector(depth - 1)})",
        2 => $"{NativeVector(0)} + on (instance) {NativeVector(0)}",
        3 => $"{NativeVector(0)} {Pick("and", "or", "unless")} on (instance) limit",
        _ => NativeVector(0),
    };

    private string Scalar(int depth) => depth <= 0 ? Pick(Numbers) : _random.Next(10) switch
    {
        < 5 => Pick(Numbers),
        5 => $"scalar({Vector(depth - 1)})",
        6 => "time()",
        7 => "pi()",
        8 => $"({Scalar(depth - 1)} {Pick(Arithmetic)} {Scalar(depth - 1)})",
        _ => $"({Scalar(depth - 1)} {Pick(Comparisons)} bool {Scalar(depth - 1)})",
    };

    /// <summary>What both must refuse.</summary>
    private string Wrong() => Pick(
        $"rate({Selector("load")})", $"abs({Range(0)})", $"sum({Range(0)})", $"{Any()}[5m] + 1", $"{Any()} and 1", "1 == 1", $"{Any()} offset", $"sum by ({Any()}",
        $"{Any()}{{job=\"a\"", "{job=~\".*\"}", "{}", $"{Any()}[5m:1m", $"topk({Any()})", "nosuchfunction(1)", $"clamp({Any()}, 1)", $"{Any()}{{job=~\"(\"}}",
        $"{Any()} + on (instance) group_left (instance) {Any()}", $"{Any()} or on () group_left () {Any()}", $"{Any()} @ {Any()}", $"\"a\" + {Any()}", $"{Any()}[0s]",
        $"histogram_quantile({Any()}, {Any()})", $"label_replace({Any()}, \"a\", \"b\", \"c\", \"(\")", $"{Any()} == bool {Any()} bool", "time(1)", $"{Any()} offset 5",
        $"double_exponential_smoothing({Range(0)}, 2, 0.5)", $"quantile_over_time({Range(0)})", $"{Any()}[5m] offset 1m @ 5 offset 1m", "1 + ", ")", "sum()", "sum(1)",
        $"count_values(1, {Any()})", $"{Any()}[5m][5m]", $"-{Range(0)}", $"({Any()}", $"label_join({Any()}, \"a\")", $"{Any()} > bool", "absent(1)");

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];
}
