using Pharos.Server.Configuration.Loki;
using Pharos.Storage.Logs;

namespace Pharos.Server.Logs;

/// <summary>How long which entries are kept, as the files say it.</summary>
internal static class LogRetention
{
    /// <summary>Below those of <c>retention_stream</c>, whose priorities are not negative.</summary>
    private const int WholeTenant = -1;

    /// <returns>Zero for ever, as Loki keeps them unless its compactor is told to delete.</returns>
    public static TimeSpan Time(LokiConfig config) => config.RetentionEnabled && config.Limits.RetentionPeriod > TimeSpan.Zero
        ? config.Limits.RetentionPeriod : config.TableRetention ?? TimeSpan.Zero;

    public static IReadOnlyList<LogRetentionRule> Rules(LokiConfig config, IReadOnlyDictionary<string, LokiLimits> overrides)
    {
        if (!config.RetentionEnabled)
        {
            return [];
        }
        var rules = config.Limits.RetentionStreams.Select(static stream => Rule(null, stream)).ToList();
        foreach (var (tenant, limits) in overrides)
        {
            if (limits.RetentionPeriod > TimeSpan.Zero && limits.RetentionPeriod != config.Limits.RetentionPeriod)
            {
                rules.Add(new LogRetentionRule(tenant, [], WholeTenant, limits.RetentionPeriod));
            }
            if (!ReferenceEquals(limits.RetentionStreams, config.Limits.RetentionStreams))
            {
                rules.AddRange(limits.RetentionStreams.Select(stream => Rule(tenant, stream)));
            }
        }
        return rules;
    }

    private static LogRetentionRule Rule(string? tenant, LokiStreamRetention stream) =>
        new(tenant, stream.Matchers, stream.Priority, stream.Period);
}
