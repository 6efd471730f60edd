using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Upkeep;

namespace Pharos.Storage.Logs.Retention;

/// <summary>From when on the entries of each stream are kept, at one moment.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class LogRetention
{
    private readonly LogRetentionRule[] _rules;
    private readonly TimeSpan _time;
    private readonly AgeOrigin _origin;

    public LogRetention(LogStoreOptions options, long newestNs, DateTimeOffset now)
    {
        _time = options.RetentionTime;
        _rules = [.. options.RetentionRules.OrderByDescending(static rule => rule.Priority).ThenBy(static rule => Longest(rule.Time))];
        _origin = AgeOrigin.Of(newestNs, now);
        LatestNs = _rules.Aggregate(_origin.KeptFromNs(_time), (latest, rule) => Math.Max(latest, _origin.KeptFromNs(rule.Time)));
        EarliestNs = _rules.Aggregate(_origin.KeptFromNs(_time), (earliest, rule) => Math.Min(earliest, _origin.KeptFromNs(rule.Time)));
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
                return _origin.KeptFromNs(rule.Time);
            }
        }
        return _origin.KeptFromNs(_time);
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
}
