using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>Asks typical questions of a few made-up series, so that the code of queries is compiled well before a user asks: what is
/// compiled ahead of time is slower, and a query over many series would be over before the runtime has seen to that.</summary>
/// <remarks>Waits until the store has series and the process is idle; then works once, on one thread at a time. What it asks counts
/// nowhere: neither the user's samples nor the log of queries, their metrics or the result cache are touched.</remarks>
internal sealed class QueryRehearsal(IMetricStore store, PromEngineOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>Bounds what it costs: it ends early where that is used up.</summary>
    private static readonly TimeSpan MaxCpu = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The process is idle where it used less of an interval.</summary>
    private static readonly TimeSpan IdleCpu = TimeSpan.FromMilliseconds(50);

    /// <summary>The runtime compiles what was called often in the background, and in two stages.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private const int Rounds = 6;

    /// <summary>More than the calls after which the runtime finds a method worth its time.</summary>
    private const int Series = 40;
    private const int Samples = 300;
    private const long StepMs = 15_000;

    private static readonly string[] Questions =
    [
        "sum(rate(rehearsed_total[5m]))",
        "sum by (code) (rate(rehearsed_total[5m])) / sum by (code) (increase(rehearsed_total[1h]))",
        "histogram_quantile(0.95, sum by (le) (rate(rehearsed_bucket[5m])))",
        "avg by (code) (rehearsed_bytes)",
        "topk(5, max_over_time(rehearsed_bytes[10m]))",
        "quantile_over_time(0.99, rehearsed_bytes[10m])",
        "count({job=~\"rehears.*\"})",
        "rate(rehearsed_total[5m])",
    ];

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Asks every question, round after round, and writes the answers to nowhere.</summary>
    /// <returns>How many answers there were.</returns>
    public static async Task<int> AskAsync(PromEngineOptions options, TimeProvider time, CancellationToken cancellation)
    {
        await using var series = MetricStore.OpenInMemory();
        var engine = new PromEngine(options with { MaxParallelism = 1, CurrentShedding = null, QueryGrows = null, QueryShed = null }, time);
        var began = Environment.CpuUsage.TotalTime;
        var matrices = new MatrixJson(threads: 1);
        Fill(series);
        var answers = 0;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var question in Questions)
            {
                if (Environment.CpuUsage.TotalTime - began > MaxCpu)
                {
                    return answers;
                }
                var answer = engine.Range(series, question, 0, Samples * StepMs, StepMs, null, cancellation);
                await using var stream = new JsonStream(PipeWriter.Create(Stream.Null), cancellation);
                await QueryValueJson.WriteAsync(stream, answer.Value, matrices);
                await stream.EndAsync();
                answers++;
            }
            await Task.Delay(Pause, time, cancellation);
        }
        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, time);
            for (var before = Environment.CpuUsage.TotalTime; await timer.WaitForNextTickAsync(_stop.Token);)
            {
                var used = Environment.CpuUsage.TotalTime;
                if (used - before < IdleCpu && store.Status(0).SeriesCount > 0)
                {
                    await AskAsync(options, time, _stop.Token);
                    return;
                }
                before = used;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (QueryException failed)
        {
            // Only the first queries are slower.
            logger.LogInformation(failed, "Queries could not be rehearsed");
        }
    }

    private static void Fill(MetricStore store)
    {
        var sets = new LabelSet[Series * 3];
        for (var i = 0; i < Series; i++)
        {
            var (code, leaf) = ($"{200 + (i % 4)}", $"{i}");
            sets[i] = LabelSet.From(("__name__", "rehearsed_total"), ("code", code), ("job", "rehearsal"), ("leaf", leaf));
            sets[Series + i] = LabelSet.From(
                ("__name__", "rehearsed_bucket"), ("job", "rehearsal"), ("le", i % 4 == 3 ? "+Inf" : $"{i % 4}"), ("leaf", $"{i / 4}"));
            sets[(Series * 2) + i] = LabelSet.From(("__name__", "rehearsed_bytes"), ("code", code), ("job", "rehearsal"), ("leaf", leaf));
        }
        var references = new ulong[sets.Length];
        for (var sample = 0; sample < Samples; sample++)
        {
            using var appender = store.Appender();
            for (var i = 0; i < sets.Length; i++)
            {
                // Counters that rise unevenly, then amounts with two decimals.
                var value = i < Series * 2 ? (sample * (long)(i + 1)) + (sample * i % 7) : sample * (37 + i) % 1_001 / 100.0;
                appender.Append(ref references[i], sets[i], sample * StepMs, value);
            }
            appender.Commit();
        }
    }
}
