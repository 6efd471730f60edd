using System.Runtime.ExceptionServices;

namespace Pharos.Query.PromQL.Evaluation.Shards;

/// <summary>Runs of series that several shards work on at once and that are taken over in their order.</summary>
/// <remarks>Thread-safe. Whoever finishes the run that is next takes it over, and those behind it that wait; the others go on
/// meanwhile. After a failure no new run begins, but those before it are finished, so that the first failure in the order of
/// the series is the one that is thrown.</remarks>
internal sealed class OrderedRuns(Evaluator evaluator, int series, SeriesShards.Work work, SeriesShards.Take take)
    : IDisposable
{
    /// <summary>Bounds what may wait while one run takes long.</summary>
    private const int MaxWaiting = 64;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _room = new(MaxWaiting);
    private readonly Dictionary<int, SeriesRun> _done = [];
    private readonly Stack<SeriesRun> _unused = [];
    private readonly List<ShardState> _shards = [];
    private Exception? _failure;
    private int _failedRun = int.MaxValue;
    private int _begun;
    private int _taken;
    private bool _isTaking;

    public int Count { get; } = (series + SeriesRun.Length - 1) / SeriesRun.Length;

    /// <summary>Works until no run is left; called by each shard on its thread.</summary>
    public void WorkOn()
    {
        var shard = new ShardState(evaluator);
        while (TryBegin(out var number, out var run))
        {
            try
            {
                Make(shard, number, run);
                TakeOver(number, run);
            }
            catch (Exception failed)
            {
                Fail(number, failed);
            }
        }
        shard.Bounds?.CountUses(shard.Samples);
        lock (_lock)
        {
            _shards.Add(shard);
        }
    }

    /// <summary>To be called once all shards are done.</summary>
    public void Finish()
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
        foreach (var shard in _shards)
        {
            evaluator.Samples.Add(shard.Samples);
        }
    }

    public void Dispose() => _room.Dispose();

    private bool TryBegin(out int number, out SeriesRun run)
    {
        // A run that waits for an earlier one holds its place: the earlier ones have theirs, so that some shard goes on.
        _room.Wait();
        lock (_lock)
        {
            number = _begun;
            var isLeft = number < Count && _failure is null;
            run = isLeft && _unused.TryPop(out var unused) ? unused : new SeriesRun();
            if (isLeft)
            {
                _begun++;
            }
            else
            {
                _room.Release();
            }
            return isLeft;
        }
    }

    private void Make(ShardState shard, int number, SeriesRun run)
    {
        var first = number * SeriesRun.Length;
        for (var place = 0; place < SeriesRun.Length && first + place < series; place++)
        {
            evaluator.Context.Cancellation.ThrowIfCancellationRequested();
            shard.MoveTo(run, place);
            run.Columns[place] = work(first + place, shard);
        }
    }

    private void TakeOver(int number, SeriesRun run)
    {
        lock (_lock)
        {
            _done.Add(number, run);
            if (_isTaking)
            {
                return;
            }
            _isTaking = true;
        }
        while (TryNext(out number, out var next))
        {
            try
            {
                TakeOne(number, next);
            }
            catch (Exception failed)
            {
                // What comes behind is not taken over any more.
                Fail(number, failed);
                return;
            }
            lock (_lock)
            {
                _unused.Push(next);
            }
            _room.Release();
        }
    }

    private bool TryNext(out int number, out SeriesRun next)
    {
        lock (_lock)
        {
            number = _taken;
            _isTaking = _done.Remove(number, out next!);
            _taken += _isTaking ? 1 : 0;
            return _isTaking;
        }
    }

    private void TakeOne(int number, SeriesRun run)
    {
        if (run.Annotations is { } annotations)
        {
            evaluator.Context.Annotations.Add(annotations);
            run.Annotations = null;
        }
        for (var place = 0; place < SeriesRun.Length && run.Columns[place] is { } column; place++)
        {
            if (take((number * SeriesRun.Length) + place, column))
            {
                run.GiveAway(place);
            }
            run.Columns[place] = null;
        }
    }

    private void Fail(int number, Exception failed)
    {
        lock (_lock)
        {
            if (number < _failedRun)
            {
                _failedRun = number;
                _failure = failed;
            }
        }
        // Nobody waits for room any more; there is at least one for each that might.
        _room.Release();
    }
}
