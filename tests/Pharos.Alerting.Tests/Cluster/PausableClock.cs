namespace Pharos.Alerting.Tests.Cluster;

/// <summary>A process's view of the common clock: while it stands still the time goes on, and its timers fire once when it goes on.</summary>
internal sealed class PausableClock(TimeProvider common) : TimeProvider
{
    private readonly List<(TimerCallback Callback, object? State)> _missed = [];
    private bool _isPaused;

    public override long TimestampFrequency => common.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => common.GetUtcNow();

    public override long GetTimestamp() => common.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => common.CreateTimer(
        _ =>
        {
            if (!_isPaused)
            {
                callback(state);
            }
            else if (!_missed.Contains((callback, state)))
            {
                _missed.Add((callback, state));
            }
        },
        null, dueTime, period);

    public void Pause() => _isPaused = true;

    public void GoOn()
    {
        _isPaused = false;
        var missed = _missed.ToArray();
        _missed.Clear();
        foreach (var (callback, state) in missed)
        {
            callback(state);
        }
    }
}
