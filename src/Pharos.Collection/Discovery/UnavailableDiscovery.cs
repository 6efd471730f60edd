using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Discovery;

/// <summary>Says once why it finds nothing, and finds nothing.</summary>
internal sealed class UnavailableDiscovery(UnavailableDiscoveryOptions options, string job, ILogger logger) : IDiscovery
{
    public string Kind => options.Kind;

    public Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        logger.LogWarning("Job {Job}: {Kind}_sd_configs finds no targets: {Reason}", job, options.Kind, options.Reason);
        publish([]);
        return Task.CompletedTask;
    }
}
