using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>Keeps a copy of the objects of one request: lists them, watches from there, and lists again when the server has
/// forgotten where the watch was.</summary>
/// <remarks>One flow writes; any thread may read <see cref="Objects"/>.</remarks>
internal sealed class ResourceWatch(WatchRequest request, KubernetesApi api, Action changed, DiscoveryContext context)
{
    /// <summary>Objects of one watch; a cluster with more needs namespaces or selectors.</summary>
    public const int MaxObjects = 500_000;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(30);

    /// <summary>A watch that the server ends sooner than this without an event was no watch.</summary>
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    /// <summary>A server ends its watches after this time; one that is silent for longer is not there any more.</summary>
    private static readonly TimeSpan WatchLength = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, JsonElement> _objects = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _backoff = FirstBackoff;

    public KubernetesResource Resource => request.Resource;

    /// <summary>By namespace and name, or by name alone for what is in no namespace.</summary>
    public IReadOnlyDictionary<string, JsonElement> Objects => _objects;

    /// <summary>Ends when the first list has been read.</summary>
    public Task Synced => _synced.Task;

    public static string KeyOf(string ns, string name) => ns.Length == 0 ? name : $"{ns}/{name}";

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var version = await ListAsync(cancellation).ConfigureAwait(false);
                _synced.TrySetResult();
                while (true)
                {
                    version = await WatchAsync(version, cancellation).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (ResourceGoneException)
            {
                context.Logger.LogDebug("Job {Job}: {Resource} are listed again", context.Job, Resource.Plural);
            }
            catch (Exception fault)
            {
                context.Metrics.KubernetesFailures.Add(1);
                context.Logger.LogError("Job {Job}: kubernetes discovery cannot follow {Resource}: {Reason}",
                    context.Job, Resource.Plural, fault.Message);
            }
            await BackOffAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Replaces the copy by what the server has now, page by page.</summary>
    private async Task<string> ListAsync(CancellationToken cancellation)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        string version, next = "";
        do
        {
            using var page = await api.ListAsync(request.List(next), cancellation).ConfigureAwait(false);
            foreach (var item in page.RootElement.Items("items"))
            {
                listed.Add(Put(item.Clone()));
            }
            var metadata = page.RootElement.Get("metadata");
            version = metadata.Text("resourceVersion");
            next = metadata.Text("continue");
        }
        while (next.Length > 0);
        foreach (var gone in _objects.Keys.Where(key => !listed.Contains(key)))
        {
            _objects.TryRemove(gone, out _);
            context.Metrics.KubernetesEvent(Resource.Role, "delete");
        }
        changed();
        return version;
    }

    /// <returns>The version to watch on from.</returns>
    private async Task<string> WatchAsync(string version, CancellationToken cancellation)
    {
        var started = context.Time.GetTimestamp();
        using var silence = new CancellationTokenSource(WatchLength + WatchGrace, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        var events = 0;
        try
        {
            var path = request.Watch(version, (int)WatchLength.TotalSeconds);
            await foreach (var change in api.WatchAsync(path, both.Token).ConfigureAwait(false))
            {
                events++;
                version = Apply(change, version);
            }
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // The connection is dead; the next watch makes another.
        }
        if (events > 0)
        {
            _backoff = FirstBackoff;
        }
        else if (context.Time.GetElapsedTime(started) < ShortWatch)
        {
            await BackOffAsync(cancellation).ConfigureAwait(false);
        }
        return version;
    }

    private string Apply(JsonElement change, string version)
    {
        var item = change.Get("object");
        switch (change.Text("type"))
        {
            case "ADDED" or "MODIFIED":
                Put(item.Clone());
                changed();
                break;
            case "DELETED":
                _objects.TryRemove(KeyOf(item), out _);
                context.Metrics.KubernetesEvent(Resource.Role, "delete");
                changed();
                break;
            case "BOOKMARK":
                break;
            case "ERROR" when item.Get("code").Number() == 410:
                throw new ResourceGoneException();
            default:
                throw new FormatException($"watch event {change.Text("type")}: {item.Text("message")}");
        }
        return item.Text("metadata", "resourceVersion") is { Length: > 0 } newer ? newer : version;
    }

    private string Put(JsonElement item)
    {
        var key = KeyOf(item);
        var known = _objects.ContainsKey(key);
        if (!known && _objects.Count >= MaxObjects)
        {
            throw new FormatException($"there are more than {MaxObjects} {Resource.Plural}");
        }
        _objects[key] = item;
        context.Metrics.KubernetesEvent(Resource.Role, known ? "update" : "add");
        return key;
    }

    private static string KeyOf(JsonElement item) => KeyOf(item.Text("metadata", "namespace"), item.Text("metadata", "name"));

    private async Task BackOffAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(_backoff, context.Time, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop above sees it at its next await.
        }
        _backoff = _backoff * 2 < MaxBackoff ? _backoff * 2 : MaxBackoff;
    }
}
