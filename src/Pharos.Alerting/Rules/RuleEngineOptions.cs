using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>What holds for all rule groups.</summary>
public sealed record RuleEngineOptions
{
    /// <summary>Added to alerts that are sent on, where they lack them; never to stored series.</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    /// <summary>Where users reach this server, without a slash at the end.</summary>
    public string ExternalUrl { get; init; } = "";

    /// <summary>The least time between two sendings of one alert.</summary>
    public TimeSpan ResendDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest stop over which a pending alert's waiting time is restored.</summary>
    public TimeSpan OutageTolerance { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The least time between a restart and a restored alert's firing; rules that wait less are not restored.</summary>
    public TimeSpan ForGracePeriod { get; init; } = TimeSpan.FromMinutes(10);
}
