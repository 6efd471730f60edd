using Pharos.Query.LogQL.Evaluation.Scanning;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Pipeline.Probing;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>Finds lines: the blocks with the newest (or oldest) first, until no other can have better ones.</summary>
internal static class LineQuery
{
    /// <summary>Lines that are held before an interval thins them.</summary>
    private const int MaxThinned = 1_000_000;

    public static List<LogResultEntry> Find(LogQueryContext context, LogQueryExpr query, LogRangeRequest request)
    {
        if (request.Limit <= 0)
        {
            return [];
        }
        var backward = request.Direction == LogDirection.Backward;
        using var querier = context.Open(request.StartNs, request.EndNs);
        var blocks = new List<ILogBlock>(querier.Blocks(query.Matchers, context.Cancellation));
        blocks.Sort((left, right) => backward ? right.MaxTimeNs.CompareTo(left.MaxTimeNs) : left.MinTimeNs.CompareTo(right.MinTimeNs));
        context.Count(blocks);
        var plan = ScanPlan.Of(query.Stages);
        var found = new FoundLines(request.IntervalNs > 0 ? MaxThinned : request.Limit, backward);
        var workers = BlockWork.Run(blocks, context.Options.MaxParallelism, () => new Worker(context, query, plan, found),
            (worker, block, cancellation) => worker.Scan(block, request, cancellation), context.Cancellation);
        context.CountDamaged(querier.DamagedEntries(query.Matchers, context.Cancellation));
        foreach (var worker in workers)
        {
            context.Count(worker.Scanner.Counts);
        }
        var entries = found.Entries.ToList();
        entries.Sort((left, right) => backward ? Compare(right, left) : Compare(left, right));
        return request.IntervalNs > 0 ? Thinned(entries, request) : entries;
    }

    private static int Compare(LogResultEntry left, LogResultEntry right)
    {
        var byTime = left.TimeNs.CompareTo(right.TimeNs);
        if (byTime != 0)
        {
            return byTime;
        }
        var byLabels = left.Labels.Stream.CompareTo(right.Labels.Stream);
        return byLabels != 0 ? byLabels : left.Line.Span.SequenceCompareTo(right.Line.Span);
    }

    /// <summary>Of lines nearer to each other than the interval only the first.</summary>
    private static List<LogResultEntry> Thinned(List<LogResultEntry> entries, LogRangeRequest request)
    {
        var kept = new List<LogResultEntry>();
        foreach (var entry in entries)
        {
            if (kept.Count == request.Limit)
            {
                break;
            }
            if (kept.Count == 0 || Math.Abs(entry.TimeNs - kept[^1].TimeNs) >= request.IntervalNs)
            {
                kept.Add(entry);
            }
        }
        return kept;
    }

    private sealed class Worker
    {
        private readonly FoundLines _found;

        public Worker(LogQueryContext context, LogQueryExpr query, ScanPlan plan, FoundLines found)
        {
            _found = found;
            Scanner = new BlockScanner(
                new LogPipeline(query.Stages, context.Time, null), plan, new LineCollector(found), LineProbe.For(query.Stages, context.Time),
                JsonFieldProbe.For(query.Stages, null));
        }

        public BlockScanner Scanner { get; }

        public void Scan(ILogBlock block, LogRangeRequest request, CancellationToken cancellation)
        {
            if (_found.Wants(_found.Backward ? block.MaxTimeNs : block.MinTimeNs))
            {
                Scanner.Scan(block, request.StartNs, request.EndNs, cancellation);
            }
        }
    }
}
