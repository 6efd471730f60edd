using Pharos.Instrumentation.Metrics;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Load;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.Agents;

/// <summary>Reports an agent's memory: it breathes around its base, and grows while the fault strikes WPA.</summary>
internal sealed class AgentMemory(
    AgentProfile profile, string agentId, FrameworkMetrics metrics, FaultSwitches faults, Dice dice, ServiceLog log)
{
    private const long GrowthBytesPerSecond = 25L << 20;
    private const long MaxGrowthBytes = 1500L << 20;
    private const long WarnAboveBytes = 900L << 20;

    public async Task RunAsync(TimeProvider time, CancellationToken stop)
    {
        var grown = 0L;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            do
            {
                var grows = profile == AgentProfile.Workout && faults.IsOn(Fault.MemoryGrowth);
                grown = Math.Clamp(grown + (grows ? GrowthBytesPerSecond : -4 * GrowthBytesPerSecond), 0, MaxGrowthBytes);
                var bytes = profile.BaseMemoryBytes + grown + (long)(dice.Between(0, 0.08) * profile.BaseMemoryBytes);
                metrics.SetAgentMemory(bytes, profile.Type, agentId);
                if (bytes > WarnAboveBytes)
                {
                    log.Warning($"memory warning: {bytes >> 20} MB in use", ("agent_type", profile.Type), ("agent_id", agentId));
                }
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }
}
