namespace Pharos.Server.Configuration.Loki;

/// <summary>What a <c>loki.yml</c> says, as far as it says something to this server. Defaults are Loki's.</summary>
internal sealed record LokiConfig
{
    public static readonly LokiConfig Default = new();

    /// <summary>Whether a request must say its tenant.</summary>
    public bool AuthEnabled { get; init; }

    public LokiLimits Limits { get; init; } = LokiLimits.Default;

    /// <summary>A file with the limits of single tenants that is read again while the server runs; empty for none.</summary>
    public string RuntimeFile { get; init; } = "";

    public TimeSpan RuntimePeriod { get; init; } = TimeSpan.FromSeconds(10);

    public LokiRulerConfig Ruler { get; init; } = LokiRulerConfig.Default;

    /// <summary>Whether anything is ever deleted for its age.</summary>
    public bool RetentionEnabled { get; init; }

    /// <summary>Of all tenants that say nothing themselves; zero for ever. From <c>table_manager</c>, where an old file has it there.</summary>
    public TimeSpan? TableRetention { get; init; }

    /// <summary>How long after a request for deletion it can be cancelled.</summary>
    public TimeSpan DeleteCancelPeriod { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The longest tail.</summary>
    public TimeSpan TailMaxDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Queries that run at the same time.</summary>
    public int MaxConcurrentQueries { get; init; } = 4;

    /// <summary>Whether a request may name several tenants: <c>a|b</c>.</summary>
    public bool MultiTenantQueries { get; init; }

    /// <summary>How far back a log query without a start is asked at an instant.</summary>
    public TimeSpan InstantLookback { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest body of a push.</summary>
    public long MaxReceiveBytes { get; init; } = 100 << 20;
}
