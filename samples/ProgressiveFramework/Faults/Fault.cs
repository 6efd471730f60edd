namespace ProgressiveFramework.Faults;

/// <summary>A failure that can be switched on and off while the application runs.</summary>
/// <param name="Name">The switch's name in URLs.</param>
/// <param name="Target">The part that it strikes, or null for all.</param>
public sealed record Fault(string Name, string Title, string Description, string? Target)
{
    public static readonly Fault DatabaseDown = new(
        "database-down", "Database down", "PostgreSQL refuses connections; whatever needs it answers 503.", "postgres");

    public static readonly Fault AgentUnresponsive = new(
        "agent-unresponsive", "Agent unresponsive", "NPA accepts connections and never answers, its metrics included.", "npa");

    public static readonly Fault CoordinationFailures = new(
        "coordination-failures", "Coordination failures", "MCA fails to bring its agents to an agreement.", "mca");

    public static readonly Fault SlowResponses = new(
        "slow-responses", "Slow responses", "PostgreSQL's answers wait two to four seconds for a lock, and the web API with them.", "web");

    public static readonly Fault ServerErrors = new(
        "server-errors", "5xx errors", "A third of the web API's requests end in an error 500.", "web");

    public static readonly Fault MemoryGrowth = new(
        "memory-growth", "Memory growth", "WPA's memory grows by 25 MB per second, up to 1.5 GB.", "wpa");

    public static readonly IReadOnlyList<Fault> All =
        [DatabaseDown, AgentUnresponsive, CoordinationFailures, SlowResponses, ServerErrors, MemoryGrowth];
}
