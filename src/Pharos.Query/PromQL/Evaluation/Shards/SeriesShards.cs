namespace Pharos.Query.PromQL.Evaluation.Shards;

/// <summary>Works on many series on several cores. Series are cut into short runs of neighbours; a core that is done with one
/// takes the next, and what the runs have made is taken over in their order: the answer does not depend on the number of
/// cores.</summary>
internal static class SeriesShards
{
    /// <summary>Makes the column of one series; runs on any thread, each shard's calls on one.</summary>
    public delegate SeriesColumn Work(int series, ShardState shard);

    /// <summary>Takes over the columns, one after the other in the order of the series, on any thread. Where it answers that
    /// the column is not kept, its arrays serve another series.</summary>
    public delegate bool Take(int series, SeriesColumn column);

    public static void Run(Evaluator evaluator, int series, Work work, Take take)
    {
        using var run = new OrderedRuns(evaluator, series, work, take);
        var shards = Math.Clamp(run.Count, 1, evaluator.Context.MaxParallelism);
        if (shards == 1)
        {
            run.WorkOn();
        }
        else
        {
            Parallel.For(0, shards, new ParallelOptions { MaxDegreeOfParallelism = shards }, _ => run.WorkOn());
        }
        run.Finish();
    }
}
