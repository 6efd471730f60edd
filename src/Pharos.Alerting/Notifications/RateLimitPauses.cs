using System.Runtime.CompilerServices;

namespace Pharos.Alerting.Notifications;

/// <summary>Until when integrations asked to be left alone: what one group was told with a 429 holds for every group.</summary>
/// <remarks>Thread-safe. An entry lives as long as its integration.</remarks>
internal sealed class RateLimitPauses(TimeProvider time)
{
    /// <summary>A longer pause than this is taken for a mistake of the service.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);

    private readonly ConditionalWeakTable<INotifier, StrongBox<DateTimeOffset>> _until = [];

    public void Ask(INotifier notifier, TimeSpan pause)
    {
        var until = time.GetUtcNow() + (pause < MaxPause ? pause : MaxPause);
        var box = _until.GetOrCreateValue(notifier);
        lock (box)
        {
            box.Value = until > box.Value ? until : box.Value;
        }
    }

    /// <summary>Zero where nothing is to be waited for.</summary>
    public TimeSpan Remaining(INotifier notifier)
    {
        if (!_until.TryGetValue(notifier, out var box))
        {
            return TimeSpan.Zero;
        }
        lock (box)
        {
            var rest = box.Value - time.GetUtcNow();
            return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
    }
}
