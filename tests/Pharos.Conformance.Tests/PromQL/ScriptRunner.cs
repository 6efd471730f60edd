using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>Runs a script and says of each evaluation what was wrong with it, or null.</summary>
internal sealed class ScriptRunner
{
    private readonly PromEngine _engine = new(
        new PromEngineOptions { DelayedNameRemoval = true, UseStartTimestamps = true, MaxSamples = 10_000 },
        TimeProvider.System);

    private MetricStore _store = MetricStore.OpenInMemory();

    public async Task<List<(ScriptCommand Command, string? Problem)>> Run(string path)
    {
        var results = new List<(ScriptCommand, string?)>();
        foreach (var command in ScriptCommand.Read(path))
        {
            if (command.First.StartsWith("clear", StringComparison.OrdinalIgnoreCase))
            {
                await _store.DisposeAsync();
                _store = MetricStore.OpenInMemory();
            }
            else if (command.First.StartsWith("load", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var sample in ScriptLoading.Samples(command))
                {
                    _store.Add(sample.Labels, sample.TimestampMs, sample.Element, sample.StartMs);
                }
            }
            else
            {
                results.Add((command, Check(command)));
            }
        }
        await _store.DisposeAsync();
        return results;
    }

    private string? Check(ScriptCommand command)
    {
        try
        {
            var wanted = ScriptEvaluation.Read(command);
            var expr = PromParser.Parse(wanted.Expr);
            if (!wanted.Instant)
            {
                return Compare(wanted, () => _engine.Range(_store, wanted.Expr, wanted.Grid.StartMs, wanted.Grid.EndMs,
                    wanted.Grid.StepMs, null, default));
            }
            return Compare(wanted, () => _engine.Instant(_store, wanted.Expr, wanted.Grid.StartMs, null, default))
                ?? Again(wanted, expr);
        }
        catch (Exception bad) when (bad is FormatException or PromParseException or ArgumentException
            or InvalidCastException or NullReferenceException or IndexOutOfRangeException)
        {
            return $"{bad.GetType().Name}: {bad.Message}";
        }
    }

    /// <summary>The same question in other words: fixed by <c>@</c>, at other times, and as the middle of a range.</summary>
    private string? Again(ScriptEvaluation wanted, Expr expr)
    {
        var at = wanted.Grid.StartMs;
        if (Middle(wanted, wanted.Expr, at) is { } problem)
        {
            return $"as a range: {problem}";
        }
        if (AtEverySelector.Rewrite(expr, at) is not { } pinned)
        {
            return null;
        }
        var text = pinned.ToString();
        foreach (var time in at == 0 ? [-1000, 0, 1000] : new[] { -10 * at, 0, at / 5, at, 10 * at })
        {
            var again = Compare(wanted, () => _engine.Instant(_store, text, time, null, default)) ?? Middle(wanted, text, time);
            if (again is not null)
            {
                return $"as {text} at {time} ms: {again}";
            }
        }
        return null;
    }

    private string? Middle(ScriptEvaluation wanted, string expr, long at)
    {
        if (wanted.MatrixGrid is not null || wanted.Text is not null || wanted.Ordered
            || System.Text.RegularExpressions.Regex.IsMatch(expr, @"(start|end|range|step)\(\)"))
        {
            return null;
        }
        // Annotations are not compared: other steps may have others.
        return Compare(wanted, () =>
        {
            var result = _engine.Range(_store, expr, at - 60_000, at + 60_000, 60_000, null, default);
            var samples = ((MatrixValue)result.Value).Series
                .SelectMany(series => ResultComparison.Points(series)
                    .Where(point => point.TimeMs == at)
                    .Select(point => new VectorSample(series.Labels, at, point.Element.Number, point.Element.Histogram)))
                .ToList();
            return result with
            {
                Value = wanted.Scalar is null ? new VectorValue(samples) : new ScalarValue(at, samples[0].Value),
            };
        }, annotations: false);
    }

    private static string? Compare(ScriptEvaluation wanted, Func<QueryResult> ask, bool annotations = true)
    {
        QueryResult result;
        try
        {
            result = ask();
        }
        catch (QueryException failed)
        {
            return !wanted.Fails ? $"failed: {failed.Message}"
                : wanted.Expectations.Where(e => e.Kind == "fail").All(e => e.Matches(failed.Message)) ? null
                : $"failed otherwise: {failed.Message}";
        }
        if (wanted.Fails)
        {
            return "did not fail";
        }
        return (annotations ? Annotations(wanted, "warn", result.Warnings) ?? Annotations(wanted, "info", result.Infos) : null)
            ?? ResultComparison.Compare(wanted, result.Value);
    }

    private static string? Annotations(ScriptEvaluation wanted, string kind, IReadOnlyList<string> actual)
    {
        if (wanted.Expectations.Exists(e => e.Kind == "no_" + kind) && actual.Count > 0)
        {
            return $"unexpected {kind}: {actual[0]}";
        }
        var expected = wanted.Expectations.FindAll(e => e.Kind == kind);
        if (expected.Count == 0)
        {
            return null;
        }
        return expected.TrueForAll(e => actual.Any(e.Matches)) && actual.All(text => expected.Exists(e => e.Matches(text)))
            ? null : $"{kind} differs: [{string.Join(" | ", actual)}]";
    }
}
