namespace Pharos.Collection.Discovery;

/// <summary>Publishes what the file says, once.</summary>
internal sealed class StaticDiscovery(StaticDiscoveryOptions options) : IDiscovery
{
    public string Kind => options.Kind;

    public Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        publish(options.Groups);
        return Task.CompletedTask;
    }
}
