namespace Pharos.Server.Configuration.Promtail;

/// <summary>What the reading of one promtail.yml needs beside the file.</summary>
/// <param name="Environment">Where variables and the cluster come from.</param>
/// <param name="Time">For stages that limit rates.</param>
/// <param name="ExpandsEnvironment">Whether <c>${NAME:-default}</c> is replaced, as Promtail's <c>-config.expand-env</c> does.</param>
internal sealed record PromtailReading(ConfigEnvironment Environment, TimeProvider Time, bool ExpandsEnvironment)
{
    public static PromtailReading Process { get; } = new(ConfigEnvironment.Process, TimeProvider.System, false);
}
