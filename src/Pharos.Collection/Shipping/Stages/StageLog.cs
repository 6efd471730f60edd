using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Shipping.Stages;

/// <summary>What stages have to say.</summary>
internal static class StageLog
{
    public static void LogPartialOverflow(this ILogger logger, string job, int limit) => logger.LogWarning(
        "Job {Job}: more than {Limit} streams have lines that go on; those begun so far are taken as whole", job, limit);
}
