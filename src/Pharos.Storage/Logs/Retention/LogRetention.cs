using Pharos.Storage.Logs.Blocks;

namespace Pharos.Storage.Logs.Retention;

/// <summary>From when on the entries of each stream are kept, at one moment.</summary>
/// <remarks>Immutable. Ages count back from the store's newest entry, or from now where that is earlier: so neither a clock that jumps
/// ahead nor an entry from the future takes away what is kept.</remarks>
internal sealed class LogRetention
{
    private readonly LogRetentionRule[] _rules;
    private readonly TimeSpan _time;
    private readonly long _nowNs;

    public LogRetention(LogStoreOptions options, long newestNs, DateTimeOffset now)
    {
        _time = options.RetentionTime;
        _rules = [.. options.RetentionRules.OrderByDescending(static rule => rule.Priority).ThenBy(static rule => Longest(rule.Time))];
        _nowNs = Math.Min(newestNs, (now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
        LatestNs = _rules.Aggregate(FromNs(_time), (latest, rule) => Math.Max(latest, FromNs(rule.Time)));
        EarliestNs = _rules.Aggregate(FromNs(_time), (earliest, rule) => Math.Min(earliest, FromNs(rule.Time)));
    }

    /// <summary>Entries from this time on (inclusive) are kept of every stream; the lowest number where all are.</summary>
    public long LatestNs { get; }

    /// <summary>Entries before this time are kept of no stream.</summary>
    private long EarliestNs { get; }

    /// <summary>The first time of a stream, inclusive, that is kept.</summary>
    public long FromNs(LogStream stream)
    {
        foreach (var rule in _rules)
        {
            if ((rule.Tenant is null || rule.Tenant == stream.Tenant) && Matches(rule, stream))
            {
                return FromNs(rule.Time);
            }
        }
        return FromNs(_time);
    }

    /// <summary>How many of a part's entries are past their time, run by run.</summary>
    /// <remarks>A block that cannot be read is reported, and past its time when the longest of all is over.</remarks>
    public long ExpiredEntries(LogPart part, IPartDamage damage)
    {
        var expired = 0L;
        for (var block = 0; block < part.Blocks.Count; block++)
        {
            var entry = part.Blocks[block];
            if (entry.MinTimeNs >= LatestNs)
            {
                continue;
            }
            try
            {
                expired += part.IsBlockDamaged(block) ? OfDamaged(entry) : Expired(part, part.Runs(block));
            }
            catch (IOException exception)
            {
                damage.BlockDamaged(part, block, exception);
                expired += OfDamaged(entry);
            }
        }
        return expired;
    }

    private long OfDamaged(BlockEntry block) => block.MaxTimeNs < EarliestNs ? block.Rows : 0;

    private long Expired(LogPart part, RunTable runs)
    {
        var expired = 0L;
        foreach (var run in runs.Runs)
        {
            expired += run.MaxTimeNs < LatestNs && run.MaxTimeNs < FromNs(part.StreamAt(run.Stream)) ? run.Count : 0;
        }
        return expired;
    }

    private static TimeSpan Longest(TimeSpan time) => time <= TimeSpan.Zero ? TimeSpan.MaxValue : time;

    private static bool Matches(LogRetentionRule rule, LogStream stream)
    {
        foreach (var matcher in rule.Matchers)
        {
            if (!matcher.Matches(stream.Labels[matcher.Name]))
            {
                return false;
            }
        }
        return true;
    }

    private long FromNs(TimeSpan time)
    {
        if (time <= TimeSpan.Zero || time.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick)
        {
            return long.MinValue;
        }
        var ns = time.Ticks * TimeSpan.NanosecondsPerTick;
        return _nowNs < long.MinValue + ns ? long.MinValue : _nowNs - ns;
    }
}
