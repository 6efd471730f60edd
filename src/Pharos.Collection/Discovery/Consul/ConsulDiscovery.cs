using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Discovery.Consul;

/// <summary>Watches the catalog for services, and each service for its instances.</summary>
internal sealed class ConsulDiscovery(ConsulDiscoveryOptions options, DiscoveryContext context) : IDiscovery
{
    /// <summary>Services beyond are left out with a warning: each takes a connection of its own.</summary>
    public const int MaxServices = 10_000;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, TargetGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CancellationTokenSource> _watched = new(StringComparer.Ordinal);
    private readonly List<Task> _running = [];
    private string _datacenter = options.Datacenter;

    public string Kind => options.Kind;

    public async Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        using var api = new ConsulApi(options, context);
        try
        {
            while (_datacenter.Length == 0)
            {
                await TryAsync("the datacenter", async () =>
                    _datacenter = await api.DatacenterAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
            }
            if (options.Services.Count > 0 && options.Tags.Count == 0)
            {
                foreach (var name in options.Services)
                {
                    Start(name, api, publish, cancellation);
                }
                await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
            }
            await FollowCatalogAsync(api, publish, cancellation).ConfigureAwait(false);
        }
        finally
        {
            foreach (var stop in _watched.Values)
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }
            await Task.WhenAll(_running).ConfigureAwait(false);
            _watched.Values.ToList().ForEach(stop => stop.Dispose());
        }
    }

    private async Task FollowCatalogAsync(ConsulApi api, Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        var index = 0UL;
        while (true)
        {
            var started = context.Time.GetTimestamp();
            await TryAsync("the service list", async () =>
            {
                using var answer = await api.ServicesAsync(index, cancellation).ConfigureAwait(false);
                if (answer.Index != index || index == 0)
                {
                    // An index that goes back starts over, as Consul asks.
                    index = answer.Index < index ? 0 : answer.Index;
                    await ApplyCatalogAsync(answer.Body.RootElement, api, publish, cancellation).ConfigureAwait(false);
                }
            }, cancellation).ConfigureAwait(false);
            await PauseAsync(started, cancellation).ConfigureAwait(false);
        }
    }

    private async Task ApplyCatalogAsync(
        JsonElement catalog, ConsulApi api, Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        var wanted = catalog.Members().Where(IsWanted).Select(service => service.Name).ToList();
        if (wanted.Count > MaxServices)
        {
            context.Logger.LogWarning("Job {Job}: Consul has {Count} services, {Max} are watched", context.Job, wanted.Count, MaxServices);
            wanted = wanted[..MaxServices];
        }
        foreach (var gone in _watched.Keys.Except(wanted, StringComparer.Ordinal).ToList())
        {
            _watched.Remove(gone, out var stop);
            await stop!.CancelAsync().ConfigureAwait(false);
            stop.Dispose();
            Publish(publish, () => _groups.Remove(gone));
        }
        foreach (var name in wanted.Where(name => !_watched.ContainsKey(name)))
        {
            Start(name, api, publish, cancellation);
        }
        if (_watched.Count == 0)
        {
            Publish(publish, () => { });
        }
    }

    private bool IsWanted(JsonProperty service) =>
        (options.Services.Count == 0 || options.Services.Contains(service.Name, StringComparer.Ordinal))
        && !options.Tags.Except(service.Value.Items().Select(tag => tag.Text()), StringComparer.Ordinal).Any();

    private void Start(string name, ConsulApi api, Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _watched[name] = stop;
        _running.RemoveAll(task => task.IsCompleted);
        _running.Add(FollowServiceAsync(name, api, publish, stop.Token));
    }

    private async Task FollowServiceAsync(
        string name, ConsulApi api, Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        try
        {
            var index = 0UL;
            while (true)
            {
                var started = context.Time.GetTimestamp();
                await TryAsync($"service {name}", async () =>
                {
                    using var answer = await api.InstancesAsync(name, index, cancellation).ConfigureAwait(false);
                    if (answer.Index == index && index != 0)
                    {
                        return;
                    }
                    index = answer.Index < index ? 0 : answer.Index;
                    var group = ConsulTargets.Build(name, _datacenter, answer.Body.RootElement, options.TagSeparator);
                    cancellation.ThrowIfCancellationRequested();
                    Publish(publish, () => _groups[name] = group);
                }, cancellation).ConfigureAwait(false);
                await PauseAsync(started, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The service is gone, or the discovery ends.
        }
    }

    private void Publish(Action<IReadOnlyList<TargetGroup>> publish, Action change)
    {
        lock (_gate)
        {
            change();
            publish([.. _groups.Values]);
        }
    }

    private Task PauseAsync(long started, CancellationToken cancellation)
    {
        var rest = options.RefreshInterval - context.Time.GetElapsedTime(started);
        return Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, context.Time, cancellation);
    }

    private async Task TryAsync(string what, Func<Task> call, CancellationToken cancellation)
    {
        try
        {
            await call().ConfigureAwait(false);
            return;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            context.Metrics.ConsulFailures.Add(1);
            context.Logger.LogError("Job {Job}: error refreshing {What} from Consul: {Reason}", context.Job, what, fault.Message);
        }
        await Task.Delay(RetryInterval, context.Time, cancellation).ConfigureAwait(false);
    }
}
