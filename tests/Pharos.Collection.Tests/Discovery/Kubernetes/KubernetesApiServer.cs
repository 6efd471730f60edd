using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Pharos.Collection.Tests.Discovery.Kubernetes;

/// <summary>An API server in memory: lists in pages, watches in chunks from a resource version, bookmarks, 410 Gone.</summary>
internal sealed class KubernetesApiServer : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Version, string Key, string Type, string Json)> _history = [];
    private readonly List<(string Path, IQueryCollection Query, Channel<string> Events)> _watchers = [];
    private HttpDouble? _http;
    private long _version = 100;
    private long _oldest = 100;

    /// <summary>Requests must carry it where it is set.</summary>
    public string? Token { get; init; }

    public string Url => _http!.Url;

    public IEnumerable<string> Asked => _http!.Asked;

    public int Watchers
    {
        get
        {
            lock (_gate)
            {
                return _watchers.Count;
            }
        }
    }

    public static async Task<KubernetesApiServer> StartAsync(string? token = null, X509Certificate2? certificate = null)
    {
        var server = new KubernetesApiServer { Token = token };
        server._http = await HttpDouble.StartAsync(server.AnswerAsync, certificate: certificate);
        return server;
    }

    /// <summary>Creates an object or replaces it.</summary>
    /// <param name="collection">As in <c>/api/v1/namespaces/default/pods</c> or <c>/api/v1/nodes</c>.</param>
    public void Put(string collection, string json)
    {
        lock (_gate)
        {
            var item = JsonNode.Parse(json)!.AsObject();
            var metadata = item["metadata"]!.AsObject();
            var parts = collection.Split('/');
            if (Array.IndexOf(parts, "namespaces") is var at and > 0 && at + 2 < parts.Length)
            {
                metadata["namespace"] = parts[at + 1];
            }
            var key = $"{collection}/{metadata["name"]}";
            metadata["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
            Happen(key, _objects.ContainsKey(key) ? "MODIFIED" : "ADDED", item);
            _objects[key] = item;
        }
    }

    public void Delete(string key)
    {
        lock (_gate)
        {
            _objects.Remove(key, out var item);
            item!["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
            Happen(key, "DELETED", item);
        }
    }

    /// <summary>Tells every watcher the newest version.</summary>
    public void Bookmark()
    {
        lock (_gate)
        {
            _version++;
            foreach (var watcher in _watchers.Where(watcher => watcher.Query["allowWatchBookmarks"] == "true"))
            {
                watcher.Events.Writer.TryWrite(
                    $$$$"""{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"{{{{_version}}}}"}}}""");
            }
        }
    }

    /// <summary>Forgets everything that has happened, as etcd's compaction does.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            _oldest = ++_version;
            _history.Clear();
        }
    }

    /// <summary>Ends every watch, as the server does after its timeout.</summary>
    public void EndWatches()
    {
        lock (_gate)
        {
            _watchers.ForEach(watcher => watcher.Events.Writer.TryComplete());
            _watchers.Clear();
        }
    }

    /// <summary>Tells every watcher that its version is too old, in the middle of the watch.</summary>
    public void SendGone()
    {
        lock (_gate)
        {
            _watchers.ForEach(watcher => watcher.Events.Writer.TryWrite(Gone));
        }
    }

    public async ValueTask DisposeAsync()
    {
        EndWatches();
        await _http!.DisposeAsync();
    }

    private const string Gone =
        """{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old resource version","reason":"Expired","code":410}}""";

    private void Happen(string key, string type, JsonObject item)
    {
        var json = $$"""{"type":"{{type}}","object":{{item.ToJsonString()}}}""";
        _history.Add((_version, key, type, json));
        foreach (var watcher in _watchers.Where(watcher => IsIn(key, watcher.Path) && IsSelected(item, watcher.Query)))
        {
            watcher.Events.Writer.TryWrite(json);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Token is not null && context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("""{"kind":"Status","message":"Unauthorized","code":401}""");
            return;
        }
        var query = context.Request.Query;
        var path = context.Request.Path.Value!;
        context.Response.ContentType = "application/json";
        if (query["watch"] == "true")
        {
            await WatchAsync(context, path, query);
        }
        else
        {
            await context.Response.WriteAsync(List(path, query));
        }
    }

    private string List(string path, IQueryCollection query)
    {
        lock (_gate)
        {
            var all = _objects.Where(entry => IsIn(entry.Key, path) && IsSelected(entry.Value, query))
                .OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value).ToList();
            var from = query["continue"].Count > 0 ? int.Parse(query["continue"]!, CultureInfo.InvariantCulture) : 0;
            var limit = query["limit"].Count > 0 ? int.Parse(query["limit"]!, CultureInfo.InvariantCulture) : int.MaxValue;
            var page = all.Skip(from).Take(limit).Select(item => item.ToJsonString());
            var next = all.Count - from > limit ? (from + limit).ToString(CultureInfo.InvariantCulture) : "";
            return $$$"""{"kind":"List","metadata":{"resourceVersion":"{{{_version}}}","continue":"{{{next}}}"},"items":[{{{string.Join(',', page)}}}]}""";
        }
    }

    private async Task WatchAsync(HttpContext context, string path, IQueryCollection query)
    {
        var events = Channel.CreateUnbounded<string>();
        lock (_gate)
        {
            var from = long.Parse(query["resourceVersion"]!, CultureInfo.InvariantCulture);
            if (from < _oldest)
            {
                events.Writer.TryWrite(Gone);
                events.Writer.TryComplete();
            }
            foreach (var past in _history.Where(past => past.Version > from && IsIn(past.Key, path)))
            {
                events.Writer.TryWrite(past.Json);
            }
            _watchers.Add((path, query, events));
        }
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        try
        {
            await foreach (var line in events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(line + "\n");
                await context.Response.Body.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
        lock (_gate)
        {
            _watchers.RemoveAll(watcher => watcher.Events == events);
        }
    }

    /// <summary>Whether an object belongs to a collection, which may be that of all namespaces.</summary>
    private static bool IsIn(string key, string collection)
    {
        var own = key[..key.LastIndexOf('/')];
        if (own == collection)
        {
            return true;
        }
        var at = own.IndexOf("/namespaces/", StringComparison.Ordinal);
        var plural = own[(own.LastIndexOf('/') + 1)..];
        return at >= 0 && $"{own[..at]}/{plural}" == collection;
    }

    /// <summary>Label selectors of the form <c>name=value</c>, and fields likewise by their path.</summary>
    private static bool IsSelected(JsonObject item, IQueryCollection query) =>
        Pairs(query["labelSelector"]).All(pair => item["metadata"]?["labels"]?[pair.Name]?.ToString() == pair.Value)
        && Pairs(query["fieldSelector"]).All(pair =>
            pair.Name.Split('.').Aggregate((JsonNode?)item, (node, part) => node?[part])?.ToString() == pair.Value);

    private static IEnumerable<(string Name, string Value)> Pairs(string? selector) =>
        (selector ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')).Select(p => (p[0], p[^1]));
}
