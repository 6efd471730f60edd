using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>Follows the objects of a cluster by list and watch, and makes groups of them when they have changed.</summary>
internal sealed class KubernetesDiscovery(KubernetesDiscoveryOptions options, DiscoveryContext context) : IDiscovery
{
    /// <summary>How long after a failed attempt the connection is tried again.</summary>
    private static readonly TimeSpan ConnectInterval = TimeSpan.FromSeconds(15);

    /// <summary>Holds at most the one fact that something has changed.</summary>
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public string Kind => options.Kind;

    public async Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        var connection = await ConnectAsync(cancellation).ConfigureAwait(false);
        using var client = connection.Client;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watches = Plan(connection);
        var running = watches.Select(watch => watch.RunAsync(stop.Token)).ToList();
        try
        {
            // What is built from half of the cluster would be wrong: pods without their services.
            await Task.WhenAll(watches.Select(watch => watch.Synced)).WaitAsync(cancellation).ConfigureAwait(false);
            var objects = new KubernetesObjects(watches);
            while (true)
            {
                _changes.Reader.TryRead(out _);
                publish(Build(objects));
                await Task.Delay(options.UpdateInterval, context.Time, cancellation).ConfigureAwait(false);
                await _changes.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running).ConfigureAwait(false);
        }
    }

    private async Task<KubernetesConnection> ConnectAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return options.Connect();
            }
            catch (Exception fault)
            {
                context.Metrics.KubernetesFailures.Add(1);
                context.Logger.LogError("Job {Job}: kubernetes discovery cannot connect: {Reason}", context.Job, fault.Message);
            }
            await Task.Delay(ConnectInterval, context.Time, cancellation).ConfigureAwait(false);
        }
    }

    private List<TargetGroup> Build(KubernetesObjects objects)
    {
        var (resource, build) = options.Role switch
        {
            KubernetesRole.Node => (KubernetesResource.Node, (Func<JsonElement, TargetGroup?>)NodeTargets.Build),
            KubernetesRole.Service => (KubernetesResource.Service, item => ServiceTargets.Build(item, objects)),
            KubernetesRole.Pod => (KubernetesResource.Pod, item => PodTargets.Build(item, objects)),
            KubernetesRole.Endpoints => (KubernetesResource.Endpoints, item => EndpointsTargets.Build(item, objects)),
            KubernetesRole.EndpointSlice => (KubernetesResource.EndpointSlice, item => EndpointSliceTargets.Build(item, objects)),
            _ => (KubernetesResource.Ingress, item => IngressTargets.Build(item, objects)),
        };
        return [.. objects.All(resource).Select(build).OfType<TargetGroup>().OrderBy(group => group.Source, StringComparer.Ordinal)];
    }

    /// <summary>One watch per kind of object and namespace.</summary>
    private List<ResourceWatch> Plan(KubernetesConnection connection)
    {
        var api = new KubernetesApi(connection, context.Metrics);
        var own = options.OwnNamespace && connection.OwnNamespace.Length > 0 ? [connection.OwnNamespace] : Array.Empty<string>();
        var namespaces = options.Namespaces.Concat(own).Distinct(StringComparer.Ordinal).DefaultIfEmpty("").ToList();
        var watches = new List<ResourceWatch>();
        foreach (var resource in Resources())
        {
            var selector = options.Selectors.FirstOrDefault(selector => selector.Role == resource.Role);
            watches.AddRange((resource.InNamespace ? namespaces : [""]).Select(ns => new ResourceWatch(
                new WatchRequest(resource, ns, selector?.Label ?? "", selector?.Field ?? ""), api,
                () => _changes.Writer.TryWrite(true), context)));
        }
        return watches;
    }

    private List<KubernetesResource> Resources()
    {
        List<KubernetesResource> resources = options.Role switch
        {
            KubernetesRole.Node => [KubernetesResource.Node],
            KubernetesRole.Service => [KubernetesResource.Service],
            KubernetesRole.Pod => [KubernetesResource.Pod],
            KubernetesRole.Endpoints => [KubernetesResource.Endpoints, KubernetesResource.Service, KubernetesResource.Pod],
            KubernetesRole.EndpointSlice => [KubernetesResource.EndpointSlice, KubernetesResource.Service, KubernetesResource.Pod],
            _ => [KubernetesResource.Ingress],
        };
        var hasPods = options.Role is KubernetesRole.Pod or KubernetesRole.Endpoints or KubernetesRole.EndpointSlice;
        AddIf(hasPods && options.AttachNode, KubernetesResource.Node);
        AddIf(options.AttachNamespace && options.Role != KubernetesRole.Node, KubernetesResource.Namespace);
        AddIf(hasPods && options.AttachDeployment, KubernetesResource.ReplicaSet);
        AddIf(hasPods && (options.AttachJob || options.AttachCronJob), KubernetesResource.Job);
        return resources;

        void AddIf(bool wanted, KubernetesResource resource)
        {
            if (wanted)
            {
                resources.Add(resource);
            }
        }
    }
}
