using Pharos.Storage.State.Sharing;

namespace Pharos.Alerting.Cluster;

/// <summary>What a node wants of the lease, and whether it may act on it. Pure.</summary>
internal static class LeaseDecision
{
    /// <param name="held">The epoch that the node has taken and that no other has followed as far as it knows; null for none.</param>
    /// <param name="last">What was last reported; null at the start.</param>
    /// <param name="expiredFor">How long the node has seen the lease as over, without a break.</param>
    public static (LeaseWish Wish, long Epoch) Decide(long? held, LeaseReport? last, TimeSpan expiredFor)
    {
        if (held is { } epoch)
        {
            return (LeaseWish.Renew, epoch);
        }
        if (last is { IsExpired: true } && (last.Holder.Length == 0 || expiredFor >= LeaseTerms.Patience))
        {
            return (LeaseWish.Acquire, last.Epoch);
        }
        return (LeaseWish.Look, last?.Epoch ?? 0);
    }

    /// <summary>Whether a lease still holds by the node's own clocks.</summary>
    /// <param name="elapsed">Since before the last successful request was sent, by the clock that never jumps.</param>
    /// <param name="wall">The same by the time of day, which goes on where a machine is suspended; what it loses is not believed.</param>
    public static bool Holds(TimeSpan elapsed, TimeSpan wall) => (elapsed > wall ? elapsed : wall) < LeaseTerms.TimeToLive - LeaseTerms.Margin;
}
