using System.Runtime.ExceptionServices;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Blocks shared among workers: each takes the next one, in their order, when it is done with the last.</summary>
internal static class BlockWork
{
    /// <summary>Makes workers, at most so many, and returns them when all blocks are done. The first failure ends all of them, but that
    /// a block is damaged: what was read of it stays, and its querier tells.</summary>
    public static List<TWorker> Run<TWorker>(
        IReadOnlyList<ILogBlock> blocks, int maxWorkers, Func<TWorker> make, Action<TWorker, ILogBlock, CancellationToken> work, CancellationToken cancellation)
    {
        var count = Math.Clamp(Math.Min(maxWorkers, blocks.Count), 1, 64);
        var workers = new List<TWorker>(count);
        for (var i = 0; i < count; i++)
        {
            workers.Add(make());
        }
        if (count == 1)
        {
            foreach (var block in blocks)
            {
                WorkOn(workers[0], block, work, cancellation);
            }
            return workers;
        }
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Exception? first = null;
        var next = -1;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, index =>
        {
            try
            {
                while (!failed.IsCancellationRequested && Interlocked.Increment(ref next) is var at && at < blocks.Count)
                {
                    WorkOn(workers[index], blocks[at], work, failed.Token);
                }
            }
            catch (Exception problem)
            {
                Interlocked.CompareExchange(ref first, problem, null);
                failed.Cancel();
            }
        });
        cancellation.ThrowIfCancellationRequested();
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
        return workers;
    }

    private static void WorkOn<TWorker>(
        TWorker worker, ILogBlock block, Action<TWorker, ILogBlock, CancellationToken> work, CancellationToken cancellation)
    {
        try
        {
            work(worker, block, cancellation);
        }
        catch (IOException) when (block.IsDamaged)
        {
            // The store has logged it.
        }
    }
}
