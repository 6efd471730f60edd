using System.Runtime.ExceptionServices;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Works on many series on several cores. Series are cut into runs of neighbours, and what the runs have to say is
/// put together in their order: the answer does not depend on the number of cores.</summary>
internal static class SeriesShards
{
    /// <summary>Fewer series than this are not worth another thread.</summary>
    private const int MinSeriesPerShard = 32;

    /// <summary>Fills one series' place; runs on any thread, each shard's calls on one.</summary>
    public delegate void Work(int series, ShardState shard);

    public static void Run(Evaluator evaluator, int series, Work work)
    {
        var shards = Math.Clamp(series / MinSeriesPerShard, 1, evaluator.Context.MaxParallelism);
        if (shards == 1)
        {
            RunOne(0, series, work, new ShardState(evaluator, evaluator.Context.Annotations, evaluator.Samples));
            return;
        }
        var states = new ShardState[shards];
        var failures = new Exception?[shards];
        Parallel.For(0, shards, new ParallelOptions { MaxDegreeOfParallelism = shards }, shard =>
        {
            states[shard] = new ShardState(
                evaluator, new Annotations(evaluator.Context.QueryText), new SampleCounts(evaluator.Steps));
            try
            {
                RunOne((int)((long)series * shard / shards), (int)((long)series * (shard + 1) / shards), work, states[shard]);
            }
            catch (Exception failed)
            {
                failures[shard] = failed;
            }
        });
        if (Array.Find(failures, static failed => failed is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
        foreach (var state in states)
        {
            evaluator.Context.Annotations.Add(state.Annotations);
            evaluator.Samples.Add(state.Samples);
        }
    }

    private static void RunOne(int from, int to, Work work, ShardState state)
    {
        for (var i = from; i < to; i++)
        {
            state.Evaluator.Context.Cancellation.ThrowIfCancellationRequested();
            work(i, state);
        }
    }
}
