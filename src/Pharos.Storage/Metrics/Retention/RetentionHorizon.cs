using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Retention;

/// <summary>From when on the samples of each series are kept, at one moment.</summary>
/// <remarks>Immutable. The first rule that matches decides; a series that none matches has the store's own time, which, while
/// there are rules, is held to the sample. Without rules nothing is hidden: the store's time removes whole blocks.</remarks>
internal sealed class RetentionHorizon
{
    public static readonly RetentionHorizon None = new([], TimeSpan.Zero, long.MaxValue);

    private readonly IReadOnlyList<RetentionRule> _rules;
    private readonly long[] _fromMs;
    private readonly long _otherwiseFromMs;

    /// <param name="time">For series that no rule matches; zero keeps them for ever.</param>
    /// <param name="newestMs">Where ages count from; <see cref="long.MinValue"/> where there is no sample.</param>
    public RetentionHorizon(IReadOnlyList<RetentionRule> rules, TimeSpan time, long newestMs)
    {
        _rules = rules;
        _fromMs = [.. rules.Select(rule => Before(newestMs, rule.Time))];
        _otherwiseFromMs = rules.Count > 0 && time > TimeSpan.Zero ? Before(newestMs, time) : long.MinValue;
        LatestMs = _fromMs.Aggregate(_otherwiseFromMs, Math.Max);
    }

    /// <summary>From this time on (inclusive) nothing is hidden of any series; <see cref="long.MinValue"/> where nothing is at all.</summary>
    public long LatestMs { get; }

    /// <summary>The first time of a series, inclusive, that is kept; <see cref="long.MinValue"/> where all are.</summary>
    public long FromMs(LabelSet labels)
    {
        for (var i = 0; i < _rules.Count; i++)
        {
            if (_rules[i].Matches(labels))
            {
                return _fromMs[i];
            }
        }
        return _otherwiseFromMs;
    }

    /// <summary>How long a block may be needed at most: the longest of the store's time and the rules'.</summary>
    public static TimeSpan Longest(IReadOnlyList<RetentionRule> rules, TimeSpan time) =>
        time <= TimeSpan.Zero ? TimeSpan.Zero : rules.Aggregate(time, static (longest, rule) => rule.Time > longest ? rule.Time : longest);

    private static long Before(long newestMs, TimeSpan time)
    {
        var ms = (long)time.TotalMilliseconds;
        return newestMs < long.MinValue + ms ? long.MinValue : newestMs - ms;
    }
}
