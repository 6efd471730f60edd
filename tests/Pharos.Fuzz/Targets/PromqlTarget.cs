using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pharos.Fuzz.Mutation;
using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Server.Api.Prometheus.Queries;
using Pharos.Storage.Metrics;

namespace Pharos.Fuzz.Targets;

/// <summary>A query: parsed, printed on one line and on many, parsed again to the same tree, and evaluated at one time and over a
/// range, which must agree.</summary>
internal sealed class PromqlTarget : FuzzTarget
{
    private const long StepMs = 300_000;
    private const int Steps = 5;
    private const double Tolerance = 1e-9;

    /// <summary>What one query may allocate in all: it is the sum over its life, of which little is alive at a time.</summary>
    private const long MaxQueryBytes = 1L << 30;

    private static readonly PromEngineOptions Limits = new()
    {
        MaxSamples = 200_000, MaxBytes = 32 << 20, Timeout = TimeSpan.FromSeconds(1), MaxParallelism = 1,
    };

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = int.MaxValue };

    private readonly MetricStore _store = PromqlStore.Create();
    private readonly PromEngine _engine = new(Limits, TimeProvider.System);

    public override string Name => "promql";

    public override long BaseBytes => MaxQueryBytes;

    /// <summary>The engine's own limit ends a query after a second, here twice at most; reading and printing come on top.</summary>
    public override TimeSpan MaxTime => TimeSpan.FromSeconds(3.5);

    public override IReadOnlyList<string> Tokens =>
    [
        "(", ")", "{", "}", "[", "]", "[5m]", "[5m:1m]", "[1h:]", ",", "=", "!=", "=~", "!~", "+", "-", "*", "/", "%", "^", " == ", " > ", " <= ", " and ",
        " or ", " unless ", " atan2 ", " bool ", " on (", " ignoring (", " group_left ", " group_right (", " by (", " without (", " offset ", " @ ",
        "start()", "end()", "step()", "range()", " fill (", " fill_left (", " fill_right (", " anchored", " smoothed", " </ ", " >/ ", "m1", "m2", "n1", "n2",
        "h_bucket", "\"", "'", "`", "\\", "#", "1e400", "0x", "NaN", "Inf", "1_0", "5m", "1y", "sum", "topk(", "rate(", "{\"u.t.f\"}", "__name__", "\n",
        .. PromqlGrammar.Functions,
    ];

    public override byte[] Generate(Random random) => Encoding.UTF8.GetBytes(new PromqlGrammar(random).Write());

    public override string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        Expr expr;
        try
        {
            expr = PromParser.Parse(text);
        }
        catch (PromParseException bad)
        {
            foreach (var error in bad.Errors)
            {
                if (error.StartOffset < 0 || error.StartOffset > text.Length || error.EndOffset > text.Length + 1)
                {
                    throw new BrokenPromiseException($"an error from {error.StartOffset} to {error.EndOffset} of {text.Length} characters");
                }
            }
            return "E" + Shape.Of(bad.Message);
        }
        CheckPrinting(expr);
        return Evaluate(expr, text);
    }

    private static void CheckPrinting(Expr expr)
    {
        var tree = Tree(expr);
        foreach (var printed in new[] { expr.ToString()!, expr.Pretty() })
        {
            Expr again;
            try
            {
                again = PromParser.Parse(printed);
            }
            catch (PromParseException bad)
            {
                throw new BrokenPromiseException($"what was printed cannot be read: {bad.Message}\n{printed}");
            }
            if (Tree(again) != tree)
            {
                throw new BrokenPromiseException($"what was printed is another query\n{printed}");
            }
            // Infinity is printed with its sign, as Prometheus prints it; before a power that is read as a sign of the power.
            if (!printed.Contains("+Inf ^", StringComparison.Ordinal) && again.ToString() != expr.ToString())
            {
                throw new BrokenPromiseException($"what was printed prints otherwise\n{printed}");
            }
        }
    }

    /// <summary>The tree without what printing may change: matchers are printed in the order of their texts, and infinity with a sign.</summary>
    private static string Tree(Expr expr)
    {
        using var into = new MemoryStream();
        using (var json = new Utf8JsonWriter(into, new JsonWriterOptions { MaxDepth = int.MaxValue, SkipValidation = true }))
        {
            SyntaxTreeJson.Write(json, expr);
        }
        var tree = JsonNode.Parse(into.ToArray(), null, new JsonDocumentOptions { MaxDepth = int.MaxValue })!;
        SortMatchers(tree);
        tree = WithoutPlus(tree);
        return tree.ToJsonString(Deep);
    }

    /// <summary>Prometheus prints infinity with a sign, which before <c>^</c> reads as a sign of the whole power: the value is the same.</summary>
    private static JsonNode WithoutPlus(JsonNode node)
    {
        while (node is JsonObject { } outer && (string?)outer["type"] is "unaryExpr" && (string?)outer["op"] is "+" && outer["expr"] is { } inner)
        {
            outer.Remove("expr");
            node = inner;
        }
        if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields.ToList())
            {
                if (value is JsonObject or JsonArray)
                {
                    fields.Remove(name);
                    fields[name] = WithoutPlus(value);
                }
            }
        }
        else if (node is JsonArray array)
        {
            var items = array.ToList();
            array.Clear();
            items.ForEach(item => array.Add(item is null ? null : WithoutPlus(item)));
        }
        return node;
    }

    private static void SortMatchers(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                SortMatchers(item);
            }
        }
        if (node is not JsonObject fields)
        {
            return;
        }
        foreach (var (name, value) in fields.ToList())
        {
            if (name == "matchers" && value is JsonArray matchers)
            {
                fields[name] = new JsonArray([.. matchers.Select(static matcher => matcher!.ToJsonString()).Order(StringComparer.Ordinal)
                    .Select(static text => JsonNode.Parse(text))]);
            }
            else
            {
                SortMatchers(value);
            }
        }
    }

    private string Evaluate(Expr expr, string text)
    {
        var times = Enumerable.Range(0, Steps).Select(step => PromqlStore.StartMs + 1_800_000 + (step * StepMs)).ToArray();
        QueryResult? range = null;
        var shape = "";
        if (expr.Type is ExprType.Vector or ExprType.Scalar)
        {
            try
            {
                range = _engine.Range(_store, expr, times[0], times[^1], StepMs, null, default);
                shape = ShapeOf(range);
            }
            catch (QueryException bad)
            {
                shape = "R" + Shape.Of(bad.Message);
            }
        }
        var picked = text.Length % Steps;
        try
        {
            var instant = _engine.Instant(_store, expr, times[picked], null, default);
            CheckDistinct(instant.Value);
            if (range is not null && !DependsOnTheRange(text))
            {
                Compare(range.Value, instant.Value, times[picked]);
            }
            return shape + ShapeOf(instant);
        }
        catch (QueryException bad)
        {
            return shape + "I" + Shape.Of(bad.Message);
        }
    }

    private static string ShapeOf(QueryResult result) => result.Value switch
    {
        VectorValue vector => $"V{Shape.Of(vector.Samples.Count)}{vector.Samples.Any(static sample => sample.Histogram is not null)}",
        MatrixValue matrix => $"M{Shape.Of(matrix.Series.Count)}{matrix.Series.Any(static series => series.Histograms.Count > 0)}",
        var other => other.Type.ToString(),
    } + string.Concat(result.Warnings.Concat(result.Infos).Select(Shape.Of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static void CheckDistinct(QueryValue value)
    {
        var labels = value switch
        {
            VectorValue vector => vector.Samples.Select(static sample => sample.Labels).ToList(),
            MatrixValue matrix => matrix.Series.Select(static series => series.Labels).ToList(),
            _ => [],
        };
        if (labels.Distinct().Count() != labels.Count)
        {
            throw new BrokenPromiseException("two series of an answer have the same labels");
        }
    }

    /// <summary>Their value at a step is not their value at that time alone, by their definition.</summary>
    private static bool DependsOnTheRange(string text) =>
        new[] { "start", "end", "range", "step" }.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static void Compare(QueryValue range, QueryValue instant, long timeMs)
    {
        var here = new Dictionary<Storage.Model.LabelSet, (double Value, bool IsHistogram)>();
        foreach (var series in ((MatrixValue)range).Series)
        {
            for (var i = 0; i < series.TimestampsMs.Count; i++)
            {
                if (series.TimestampsMs[i] == timeMs)
                {
                    here.Add(series.Labels, (series.Values[i], false));
                }
            }
            foreach (var (at, histogram) in series.Histograms)
            {
                if (at == timeMs)
                {
                    here.Add(series.Labels, (histogram.Count, true));
                }
            }
        }
        var alone = instant switch
        {
            VectorValue vector => vector.Samples.ToDictionary(static sample => sample.Labels,
                static sample => (sample.Histogram?.Count ?? sample.Value, sample.Histogram is not null)),
            ScalarValue scalar => new() { [Storage.Model.LabelSet.Empty] = (scalar.Value, false) },
            _ => throw new BrokenPromiseException($"the answer at one time is a {instant.Type}"),
        };
        foreach (var labels in here.Keys.Union(alone.Keys))
        {
            if (!here.TryGetValue(labels, out var left) || !alone.TryGetValue(labels, out var right) || left.IsHistogram != right.Item2 || !Near(left.Value, right.Item1))
            {
                throw new BrokenPromiseException($"range and instant query differ at {labels}: " +
                    $"{(here.TryGetValue(labels, out left) ? left : "nothing")} and {(alone.TryGetValue(labels, out right) ? right : "nothing")}");
            }
        }
    }

    private static bool Near(double left, double right) =>
        left.Equals(right) || left == right || Math.Abs(left - right) <= Tolerance * Math.Max(Math.Abs(left), Math.Abs(right));
}
