namespace Pharos.Alerting.Notifications;

/// <summary>Lets the notifications of one integration begin some at a time: two thousand groups that are due at once need the
/// memory of some dozens of messages.</summary>
/// <remarks>Thread-safe. A sending that takes its time stands in nobody's way: after <see cref="Youth"/> it no longer counts.</remarks>
internal sealed class SendPace(TimeProvider time)
{
    /// <summary>How many sendings may be young at once.</summary>
    public const int MaxYoung = 64;

    public static readonly TimeSpan Youth = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource<bool>> _waiting = new();

    /// <summary>When the young ones began, the oldest first; those that have ended leave at the front whoever they were, which
    /// can only make others older than they are.</summary>
    private readonly Queue<DateTimeOffset> _young = new();
    private ITimer? _timer;

    /// <summary>Waits for its turn; <see cref="Leave"/> follows where it came.</summary>
    /// <returns>False where it was cancelled first.</returns>
    public async ValueTask<bool> EnterAsync(CancellationToken cancellation)
    {
        TaskCompletionSource<bool> turn;
        lock (_lock)
        {
            Age(time.GetUtcNow());
            if (_waiting.Count == 0 && _young.Count < MaxYoung)
            {
                _young.Enqueue(time.GetUtcNow());
                return true;
            }
            turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            Arm();
        }
        await using var registration = cancellation.UnsafeRegister(
            static turn => ((TaskCompletionSource<bool>)turn!).TrySetResult(false), turn);
        return await turn.Task;
    }

    public void Leave()
    {
        lock (_lock)
        {
            _young.TryDequeue(out _);
            Admit();
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
            Admit();
        }
    }

    private void Admit()
    {
        var now = time.GetUtcNow();
        Age(now);
        while (_young.Count < MaxYoung && _waiting.TryDequeue(out var turn))
        {
            if (turn.TrySetResult(true))
            {
                _young.Enqueue(now);
            }
        }
        Arm();
    }

    private void Age(DateTimeOffset now)
    {
        while (_young.TryPeek(out var began) && began + Youth <= now)
        {
            _young.Dequeue();
        }
    }

    private void Arm()
    {
        if (_waiting.Count > 0 && _timer is null && _young.TryPeek(out var oldest))
        {
            var wait = oldest + Youth - time.GetUtcNow();
            _timer = time.CreateTimer(
                static pace => ((SendPace)pace!).OnTimer(), this, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
