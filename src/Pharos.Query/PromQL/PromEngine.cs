using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL;

/// <summary>Answers PromQL from a metric store.</summary>
/// <remarks>Thread-safe and without state: each query opens its own view of the store and runs on the caller's thread.</remarks>
/// <param name="time">Measures timeouts and durations.</param>
public sealed class PromEngine(PromEngineOptions options, TimeProvider time)
{
    public PromEngineOptions Options { get; } = options;

    /// <summary>Evaluates at one time. The answer is a vector, scalar, string, or, for a range selector, a matrix.</summary>
    /// <exception cref="QueryException">The query is wrong, fails, takes too long or too much, or was cancelled.</exception>
    public QueryResult Instant(
        IMetricStore store, string expr, long timeMs, QueryParameters? parameters, CancellationToken cancellation) =>
        Run(store, Parse(expr), expr, new StepGrid(timeMs, timeMs, 0), instant: true, parameters, cancellation);

    /// <summary>As the overload with text, for an expression that was parsed once and is evaluated often.</summary>
    public QueryResult Instant(
        IMetricStore store, Expr expr, long timeMs, QueryParameters? parameters, CancellationToken cancellation) =>
        Run(store, expr, null, new StepGrid(timeMs, timeMs, 0), instant: true, parameters, cancellation);

    /// <summary>Evaluates at every step of [<paramref name="startMs"/>, <paramref name="endMs"/>]. The answer is a matrix.</summary>
    /// <exception cref="QueryException">As for <see cref="Instant(IMetricStore, string, long, QueryParameters?,
    /// CancellationToken)"/>; also for an expression of another type than scalar or instant vector.</exception>
    public QueryResult Range(IMetricStore store, string expr, long startMs, long endMs, long stepMs,
        QueryParameters? parameters, CancellationToken cancellation) =>
        Run(store, Parse(expr), expr, new StepGrid(startMs, endMs, stepMs), instant: false, parameters, cancellation);

    /// <summary>As the overload with text, for an expression that was parsed once and is evaluated often.</summary>
    public QueryResult Range(IMetricStore store, Expr expr, long startMs, long endMs, long stepMs,
        QueryParameters? parameters, CancellationToken cancellation) =>
        Run(store, expr, null, new StepGrid(startMs, endMs, stepMs), instant: false, parameters, cancellation);

    private Expr Parse(string expr)
    {
        try
        {
            return PromParser.Parse(expr, Options.Parser);
        }
        catch (PromParseException bad)
        {
            throw new QueryException(QueryErrorKind.Parse, bad.Message, bad);
        }
    }

    private QueryResult Run(IMetricStore store, Expr expr, string? text, StepGrid grid, bool instant,
        QueryParameters? parameters, CancellationToken cancellation)
    {
        if (!instant && expr.Type is not (ExprType.Scalar or ExprType.Vector))
        {
            throw new QueryException(QueryErrorKind.Parse,
                $"invalid expression type \"{expr.Type.Documented()}\" for range query, must be Scalar or instant Vector");
        }
        var timeout = parameters?.Timeout is { } asked && asked < Options.Timeout ? asked : Options.Timeout;
        var currentShedding = parameters?.IsExempt == true ? null : Options.CurrentShedding;
        var shedding = currentShedding?.Invoke() is { } pressure && pressure.Timeout < timeout ? pressure : null;
        timeout = shedding?.Timeout ?? timeout;
        var clock = new QueryClock(time);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        var context = new QueryContext
        {
            Store = store,
            Options = Options,
            Grid = grid,
            QueryText = text ?? expr.ToString(),
            LookbackMs = (long)(parameters?.Lookback ?? Options.Lookback).TotalMilliseconds,
            Budget = new SampleBudget(Options.MaxSamples, Options.MaxBytes, currentShedding, Options.QueryGrows),
            Cancellation = stop.Token,
        };
        try
        {
            using (context)
            {
                var samples = new SampleCounts(grid.Count);
                var value = QueryRunner.Run(context, expr, instant, clock, samples);
                return new QueryResult(value, context.Warnings, context.Annotations.Infos,
                    new QueryStatistics(samples.Total, context.Budget.Peak, clock.Elapsed)
                    {
                        SamplesPerStep = !Options.PerStepStatistics ? []
                            : [.. samples.PerStep.Select((count, step) => (grid.At(step), count))],
                        Timings = clock.Timings,
                    });
            }
        }
        catch (QueryException refused) when (refused.Kind == QueryErrorKind.Overload)
        {
            Options.QueryShed?.Invoke();
            throw;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            if (shedding is not null)
            {
                Options.QueryShed?.Invoke();
                throw new QueryException(QueryErrorKind.Overload,
                    $"query refused, it runs longer than {shedding.Timeout.TotalSeconds} s while the server is {shedding.Reason}");
            }
            throw new QueryException(QueryErrorKind.Timeout, "query timed out in expression evaluation");
        }
        catch (OperationCanceledException)
        {
            throw new QueryException(QueryErrorKind.Canceled, "query was canceled in expression evaluation");
        }
        catch (InsufficientExecutionStackException)
        {
            throw new QueryException(QueryErrorKind.Execution, "expression nested too deeply to be evaluated");
        }
        catch (OutOfMemoryException failed)
        {
            // The heap has a limit, in a container mostly; what the query held is garbage from here on, and the process goes on.
            Options.QueryShed?.Invoke();
            throw new QueryException(QueryErrorKind.Overload, "query refused, the process has no memory left for what it would hold", failed);
        }
        catch (IOException failed)
        {
            throw new QueryException(QueryErrorKind.Storage, failed.Message, failed);
        }
    }
}
