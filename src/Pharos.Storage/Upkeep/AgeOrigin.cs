using Pharos.Storage.Text;

namespace Pharos.Storage.Upkeep;

/// <summary>Where ages count back from: a store's newest time, or now where that is earlier. So neither a clock that jumps ahead nor data from the
/// future takes away what is kept.</summary>
internal readonly record struct AgeOrigin(long TimeNs)
{
    public static AgeOrigin Of(long newestNs, DateTimeOffset now) => new(Math.Min(newestNs, NanosecondTime.Of(now)));

    /// <summary>The first time, inclusive, of what is kept for so long; the lowest number for all, as zero means.</summary>
    public long KeptFromNs(TimeSpan kept)
    {
        if (kept <= TimeSpan.Zero || kept.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick)
        {
            return long.MinValue;
        }
        var keptNs = kept.Ticks * TimeSpan.NanosecondsPerTick;
        return TimeNs < long.MinValue + keptNs ? long.MinValue : TimeNs - keptNs;
    }
}
